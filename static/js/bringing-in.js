// Sends chosen or dropped files one by one, two at a time, each with its own progress. A file whose
// connection breaks is sent again until the server has answered; the server keeps the same bytes
// once, so sending twice does no harm. Files that are here already are not sent at all.
const form = document.getElementById("bring-in");
const field = form.querySelector("input[type=file]");
const list = document.getElementById("taken");
const standing = document.getElementById("standing");
const AT_ONCE = 2;
const AGAIN = [1, 2, 4, 8, 15]; // seconds; the last one goes on
const queue = [];
let under_way = 0;

function row_of(file) {
  const row = document.createElement("li");
  const name = document.createElement("span");
  name.className = "file";
  name.textContent = file.name;
  const state = document.createElement("span");
  state.textContent = form.dataset.waiting;
  const progress = document.createElement("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", file.name);
  row.append(name, state, progress);
  list.append(row);
  return { row, state, progress };
}

function add(files) {
  for (const file of files) queue.push({ file, ...row_of(file), tries: 0 });
}

async function digest(file) {
  if (!window.crypto?.subtle) return ""; // only at https addresses and on this machine
  const bytes = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function is_here(job) {
  const sha256 = await digest(job.file);
  if (!sha256) return false;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("sha256", sha256);
  const response = await fetch(form.dataset.here, { method: "POST", body });
  if (!response.ok) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const found = page.querySelector(`[data-sha256="${sha256}"] li`);
  if (!found) return false;
  found.querySelector(".file").textContent = job.file.name;
  job.row.replaceWith(document.adoptNode(found));
  return true;
}

function send(job) {
  return new Promise((resolve, reject) => {
    const body = new FormData(form);
    body.delete(field.name);
    body.set(field.name, job.file);
    const request = new XMLHttpRequest();
    request.open("POST", form.action || location.href);
    request.setRequestHeader("X-One-File", "1");
    request.timeout = 120000;
    job.state.textContent = form.dataset.sending;
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) job.progress.value = event.loaded / event.total;
    };
    request.upload.onload = () => {
      job.state.textContent = form.dataset.reading;
      job.progress.removeAttribute("value");
    };
    request.onload = () => resolve(request);
    request.onerror = request.ontimeout = () => reject(new Error("lost"));
    request.send(body);
  });
}

function wait(seconds) {
  return new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}

// Whether the file is done with; if not, it is to be tried again.
async function tried(job) {
  try {
    if (await is_here(job)) return true;
    const request = await send(job);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const answer = page.querySelector("li[data-state]");
    if (request.status === 422) {
      const said = page.querySelector(".problems");
      document.querySelector(".problems")?.remove();
      if (said) form.before(document.adoptNode(said));
      for (const other of [job, ...queue.splice(0)]) other.row.remove();
      return true;
    }
    if (!request.responseURL.startsWith(location.href.split("?")[0])) {
      standing.textContent = form.dataset.signedOut;
      return false;
    }
    if (answer && answer.dataset.state !== "busy") {
      job.row.replaceWith(document.adoptNode(answer));
      standing.textContent = "";
      return true;
    }
    if (request.status < 500 && request.status !== 429) {
      job.state.textContent = request.statusText || String(request.status);
      job.progress.remove();
      return true;
    }
  } catch {
    standing.textContent = form.dataset.lost;
  }
  job.progress.value = 0;
  job.state.textContent = form.dataset.waiting;
  return false;
}

async function work() {
  under_way += 1;
  while (queue.length) {
    const job = queue.shift();
    if (!(await tried(job))) {
      queue.unshift(job);
      await wait(AGAIN[Math.min(job.tries, AGAIN.length - 1)]);
      job.tries += 1;
    }
  }
  under_way -= 1;
  if (!under_way && list.children.length && !document.querySelector(".problems")) {
    standing.textContent = form.dataset.done;
  }
}

function begin() {
  document.querySelector(".problems")?.remove();
  standing.textContent = "";
  while (queue.length && under_way < AT_ONCE) work();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  add(field.files);
  field.value = "";
  field.required = !queue.length;
  begin();
});
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => event.preventDefault());
}
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  const files = new DataTransfer();
  for (const file of [...field.files, ...event.dataTransfer.files]) files.items.add(file);
  field.files = files.files;
});
window.addEventListener("online", begin);
window.addEventListener("beforeunload", (event) => {
  if (under_way) event.preventDefault();
});
