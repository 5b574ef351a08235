/* A sitting without this script works: plain forms. With it: answers by keyboard, the time an answer
   took, a work that is looked at before it is judged, and answers that outlive a lost connection. */
(() => {
  "use strict";

  const KEPT = "unsigned-answer"; // in sessionStorage: { action, values, reloaded }
  const KEYS_OFF = "unsigned-keys-off"; // in localStorage, once someone has switched them off
  const LONGEST_WAIT = 30_000; // ms between two tries

  let section = null;
  let submitter = null;
  let tries = 0;
  let timer = 0;
  let looking = 0;
  const clock = { action: "", ready: false, ms: 0, since: null };

  const answers = () => section?.querySelector("form.answers");

  /* -- one work ------------------------------------------------------------------------------ */

  function begin() {
    const fresh = document.getElementById("trial");
    if (!fresh || fresh === section) return;
    const swapped = section !== null;
    section = fresh;
    window.htmx?.process(section);
    tries = 0;
    clearTimeout(timer);
    startClock();
    lookFirst();
    offerSwitch();
    if (swapped) section.focus({ preventScroll: true });
    takeUp();
  }

  /* -- how long an answer takes: from the work's appearance, less the time the page is hidden --- */

  function startClock() {
    const action = answers().getAttribute("action");
    if (action !== clock.action) Object.assign(clock, { action, ready: false, ms: 0, since: null });
    // else a refused answer: the same work, the same clock
    const pictures = [...section.querySelectorAll(".frame img")];
    if (pictures.length) awaitPictures(pictures);
    else appear();
  }

  function appear() {
    clock.ready = true;
    tick();
    lookFirst();
  }

  /* Two pictures of a pair appear in the same moment, or the first one would be judged alone. */
  function awaitPictures(pictures) {
    const missing = section.querySelector(".missing");
    const frame = section.querySelector(".frame");
    const arrived = (picture) => picture.complete && picture.naturalWidth > 0;
    const lost = (picture) => picture.complete && picture.naturalWidth === 0;
    const show = () => {
      const all = pictures.every(arrived);
      missing.hidden = !pictures.some(lost);
      for (const picture of pictures) picture.hidden = !missing.hidden;
      frame.classList.toggle("waiting", !all);
      if (all) appear();
    };
    for (const picture of pictures) {
      picture.addEventListener("load", show);
      picture.addEventListener("error", show);
    }
    missing.querySelector("button").addEventListener("click", () => {
      missing.hidden = true;
      section.focus({ preventScroll: true });
      for (const picture of pictures.filter(lost)) picture.src = picture.getAttribute("src"); // asks again
    });
    show();
  }

  function tick() {
    const now = performance.now();
    if (clock.since !== null) clock.ms += now - clock.since;
    clock.since = clock.ready && !document.hidden ? now : null;
    return Math.round(clock.ms);
  }

  /* -- a work is looked at before its answer is sent: data-look-ms of it, in sight -------------- */

  function lookFirst() {
    const { lookMs } = section.dataset; // only where a work is rated
    const left = lookMs - tick();
    const unseen = lookMs !== undefined && (!clock.ready || left > 0);
    const locked = unseen && read()?.action !== clock.action; // a kept answer was looked at before
    const next = section.querySelector(".next");
    next.disabled = locked;
    next.querySelector(".why").hidden = !locked;
    clearTimeout(looking);
    if (locked && clock.since !== null) looking = setTimeout(lookFirst, left);
  }

  /* -- an answer is kept until the gallery has it --------------------------------------------- */

  function keep(form) {
    const time = form.elements.rt_ms;
    if (time && !time.value) time.value = tick();
    const values = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    write({ action: form.getAttribute("action"), values });
  }

  function takeUp() {
    const kept = read();
    const form = answers();
    if (!kept) return;
    if (kept.action !== form.getAttribute("action")) return write(null);
    for (const [name, value] of kept.values) {
      const field = form.elements[name];
      if (field) field.value = value;
    }
    form.requestSubmit();
  }

  function read() {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT));
    } catch {
      return null; // a browser may forbid storage: then an answer lives as long as the page
    }
  }

  function write(kept) {
    try {
      if (kept) sessionStorage.setItem(KEPT, JSON.stringify(kept));
      else sessionStorage.removeItem(KEPT);
    } catch {
      // as above
    }
  }

  function tryAgain(event) {
    const form = event.target.closest?.("#trial form");
    if (!form) return;
    const connection = section.querySelector(".connection");
    connection.textContent = connection.dataset.lost;
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** tries++) * (0.75 + Math.random() / 2);
    clearTimeout(timer);
    timer = setTimeout(() => form.isConnected && form.requestSubmit(submitter), wait);
  }

  function onRefusal(event) {
    const { status } = event.detail.xhr;
    if (status >= 500 || status === 429) return tryAgain(event);
    // Another tab went on, signed in, or erased everything: the sitting's own address knows.
    const kept = read();
    write(status === 403 && kept && !kept.reloaded ? { ...kept, reloaded: true } : null);
    location.assign(section.dataset.sitting);
  }

  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.closest("#trial")) return;
      clearTimeout(timer);
      submitter = event.submitter;
      if (event.target === answers()) keep(event.target);
    },
    true, // before htmx reads the form
  );
  document.addEventListener("htmx:sendError", tryAgain);
  document.addEventListener("htmx:timeout", tryAgain);
  document.addEventListener("htmx:responseError", onRefusal);
  document.addEventListener("htmx:beforeSwap", (event) => event.detail.shouldSwap && write(null));
  window.addEventListener("online", () => {
    if (tries) answers()?.requestSubmit(submitter?.form === answers() ? submitter : null);
  });

  /* -- keyboard ------------------------------------------------------------------------------- */

  /* WCAG 2.1.4: speech input may "type" a digit by accident, so single keys can be switched off. */
  let singleKeys = true;
  try {
    singleKeys = localStorage.getItem(KEYS_OFF) === null;
  } catch {
    // storage is forbidden: the switch lasts as long as the page
  }

  function offerSwitch() {
    const offer = section.querySelector(".keys");
    if (!offer) return;
    const box = offer.querySelector("input");
    offer.hidden = false;
    box.checked = singleKeys;
    box.addEventListener("change", () => {
      singleKeys = box.checked;
      try {
        if (singleKeys) localStorage.removeItem(KEYS_OFF);
        else localStorage.setItem(KEYS_OFF, "yes");
      } catch {
        // as above
      }
    });
  }

  function choose(value) {
    const scales = [...answers().querySelectorAll("[data-scale]")];
    const answered = (scale) => scale.querySelector("input:checked");
    const focused = document.activeElement?.matches(":focus-visible")
      ? document.activeElement.closest("[data-scale]")
      : null;
    const scale = focused ?? scales.find((one) => !answered(one)) ?? scales.at(-1);
    const point = scale?.querySelectorAll("input")[value - 1];
    if (!point) return;
    point.checked = true;
    const next = scales.find((one) => !answered(one));
    (next?.querySelector("input") ?? point).focus({ preventScroll: true });
  }

  function explain() {
    const folds = [...section.querySelectorAll(".explains")];
    const open = !folds.some((fold) => fold.open);
    for (const fold of folds) fold.open = open;
  }

  document.addEventListener("keydown", (event) => {
    begin(); // a fast hand types before htmx has settled the next work
    if (!section?.isConnected || event.repeat) return; // a key held down is pressed once
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (singleKeys && /^[1-7]$/.test(event.key)) choose(event.key);
    else if (singleKeys && event.key === "?") explain();
    else if (event.key === "Escape") {
      for (const fold of section.querySelectorAll("details[open]")) fold.open = false;
    } else if (event.key === "Enter" && !event.target.closest("a, button, summary, input")) {
      if (!section.querySelector(".next").disabled) answers().requestSubmit();
    }
  });

  /* Help, reasons to skip and explanations share one place: opening one folds the others away. */
  function makeRoom({ target: fold }) {
    if (!fold.open || !section?.contains(fold)) return;
    const others = fold.matches(".explains") ? ".aside details[open]" : ".explains[open]";
    for (const other of section.querySelectorAll(others)) other.open = false;
  }

  document.addEventListener("toggle", makeRoom, true); // it does not bubble
  document.addEventListener("visibilitychange", () => section?.isConnected && lookFirst());
  document.addEventListener("htmx:load", begin);
  document.addEventListener("DOMContentLoaded", begin);
})();
