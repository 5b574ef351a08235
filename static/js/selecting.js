// In the hanging room: a box that ticks all works of the page, and Shift that ticks all between.
const boxes = [...document.querySelectorAll("input[name=work]")];
let last = null;
for (const box of boxes) {
  box.addEventListener("click", (event) => {
    if (event.shiftKey && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
  });
}
const all = document.getElementById("tick-all");
if (all) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
}
