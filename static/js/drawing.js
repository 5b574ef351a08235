// The sheet of paper: strokes are kept as they are made, and shown as the server will draw them.
const form = document.getElementById("drawing");
const canvas = form.querySelector("canvas");
const field = form.elements.strokes;
const OPACITY = { pen: 1, wash: 0.35, rubber: 1 };
const paper = canvas.getContext("2d", { willReadFrequently: true });
const stroke_alone = document.createElement("canvas");
stroke_alone.width = canvas.width;
stroke_alone.height = canvas.height;
const ink = stroke_alone.getContext("2d");
let strokes = [];
let current = null;
let began = 0;

function lay_down(stroke) {
  ink.clearRect(0, 0, canvas.width, canvas.height);
  ink.strokeStyle = ink.fillStyle = stroke.brush === "rubber" ? canvas.dataset.paper : stroke.colour;
  ink.lineWidth = stroke.width;
  ink.lineCap = ink.lineJoin = "round";
  ink.beginPath();
  ink.moveTo(...stroke.points[0]);
  for (const point of stroke.points) ink.lineTo(...point);
  ink.stroke();
  ink.beginPath(); // a line of no length shows nothing, and a dot is a stroke
  ink.arc(...stroke.points[0], stroke.width / 2, 0, 2 * Math.PI);
  ink.fill();
  paper.globalAlpha = OPACITY[stroke.brush];
  paper.drawImage(stroke_alone, 0, 0);
  paper.globalAlpha = 1;
}

let hand = null; // where the brush is, while it is moved by keys
let finished = null; // what all strokes but the current one make
function show() {
  if (finished) paper.putImageData(finished, 0, 0);
  else {
    paper.fillStyle = canvas.dataset.paper;
    paper.fillRect(0, 0, canvas.width, canvas.height);
    for (const stroke of strokes) lay_down(stroke);
    finished = paper.getImageData(0, 0, canvas.width, canvas.height);
  }
  if (current) lay_down(current);
  if (hand) point_out(hand);
}

function point_out([x, y]) {
  for (const [colour, width] of [["#fff", 5], ["#000", 2]]) {
    paper.strokeStyle = colour;
    paper.lineWidth = width;
    paper.beginPath();
    paper.arc(x, y, 14, 0, 2 * Math.PI);
    paper.stroke();
  }
}

function point(event) {
  const box = canvas.getBoundingClientRect();
  const scale = canvas.width / box.width;
  const round = (value) => Math.round(value * 10) / 10;
  return [round((event.clientX - box.left) * scale), round((event.clientY - box.top) * scale)];
}

function begin(from) {
  began ||= performance.now();
  current = {
    brush: form.elements.brush.value,
    colour: form.elements.colour.value,
    width: Number(form.elements.width.value),
    at: Math.round((performance.now() - began) / 100) / 10,
    points: [from],
  };
  show();
}

function end() {
  if (!current) return;
  current.points = current.points.slice(0, 5000);
  strokes.push(current);
  finished = null;
  current = null;
  show();
  keep();
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  end();
  begin(point(event));
});
canvas.addEventListener("pointermove", (event) => {
  if (!current || !event.buttons || current.points.length > 4900) return;
  for (const one of event.getCoalescedEvents?.() || [event]) current.points.push(point(one));
  show();
});
for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, end);

// By keys: arrows move a point, Shift makes them move further, Space sets the brush down and lifts it.
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
let at = [canvas.width / 2, canvas.height / 2];
canvas.addEventListener("keydown", (event) => {
  const move = MOVES[event.key];
  if (event.key !== " " && !move) return;
  event.preventDefault();
  hand = at;
  if (move) {
    const step = event.shiftKey ? 40 : 8;
    at = at.map((value, axis) => Math.min(Math.max(value + move[axis] * step, 0), canvas.width));
    hand = at;
    if (current && current.points.length < 4900) current.points.push(at);
    show();
  } else if (current) end();
  else begin(at);
});
canvas.addEventListener("blur", () => {
  hand = null;
  end();
  show();
});

function keep() {
  field.value = strokes.length ? JSON.stringify({ strokes }) : "";
}

document.getElementById("undo").addEventListener("click", () => {
  strokes.pop();
  finished = null;
  show();
  keep();
});

try {
  strokes = JSON.parse(field.value).strokes; // what a refused form brings back
} catch {
  strokes = [];
}
show();
