"use strict";
// Comforts only: every page and form works without this file.

/** Drop a file anywhere on the field, see its name and whether it is over the limit. */
const wireDrop = (drop) => {
  const input = drop.querySelector("input[type=file]");
  const told = drop.querySelector("[data-file-note]");
  const limit = Number(drop.dataset.limit);
  const tell = () => {
    const file = input.files[0];
    const over = file && file.size > limit;
    told.textContent = over ? drop.dataset.tooLarge : "";
    told.hidden = !over;
    input.setCustomValidity(over ? drop.dataset.tooLarge : "");
  };
  const hover = (on) => drop.classList.toggle("drop--over", on);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); hover(true); });
  }
  drop.addEventListener("dragleave", () => hover(false));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    hover(false);
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  input.addEventListener("change", tell);
};

/** Pasted text outlives a closed tab until it has been uploaded: the novel's page says so. */
const DRAFT = "pingju.draft", SENT = "pingju.draft.sent";
const wireDraft = (area) => {
  const key = DRAFT;
  localStorage.removeItem(SENT);
  area.form.addEventListener("submit", () => localStorage.setItem(SENT, "1"));
  if (!area.value) area.value = localStorage.getItem(key) ?? "";
  area.addEventListener("input", () => {
    try {
      if (area.value) localStorage.setItem(key, area.value);
      else localStorage.removeItem(key);
    } catch {
      localStorage.removeItem(key); // over the browser's quota: the field itself still holds it
    }
  });
};

/** All or no chapters at once; ticking a chapter means "only these". */
const wireChapters = (form) => {
  const boxes = [...form.querySelectorAll("input[name=chapters]")];
  const list = form.querySelector(".chapters");
  const scope = (value) => form.querySelector(`input[name=scope][value=${value}]`);
  const show = () => list.classList.toggle("chapters--idle", scope("all").checked);
  for (const button of form.querySelectorAll("[data-tick]")) {
    button.addEventListener("click", () => {
      const all = button.dataset.tick === "all";
      for (const box of boxes) box.checked = all;
      scope(all ? "all" : "chosen").checked = true;
      show();
      form.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  form.addEventListener("change", (event) => {
    if (event.target.name === "chapters") scope("chosen").checked = true;
    if (event.target.name === "with_frames" && !event.target.checked) {
      form.elements.with_film.checked = false;
    }
    if (event.target.name === "with_film" && event.target.checked) {
      form.elements.with_frames.checked = true;
    }
    show();
  }, true);
  // every chapter ticked is the whole novel: one field instead of thousands
  form.addEventListener("submit", () => {
    if (boxes.length && boxes.every((box) => box.checked)) scope("all").checked = true;
    if (scope("all").checked) for (const box of boxes) box.checked = false;
  });
  show();
};

/** What was chosen, in the words of the page: the browser's own are in the browser's language. */
const wireChosen = (told) => {
  const input = told.closest("label").control;
  const tell = () => { told.textContent = input.files[0]?.name ?? told.dataset.fileName; };
  input.addEventListener("change", tell);
  tell();
};

const wire = (root) => {
  root.querySelectorAll("[data-file-name]").forEach(wireChosen);
  root.querySelectorAll(".drop").forEach(wireDrop);
  root.querySelectorAll("textarea[data-draft]").forEach(wireDraft);
  root.querySelectorAll("form[data-chapters]").forEach(wireChapters);
  root.querySelectorAll("button[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  if (root.querySelector("[data-novel]") && localStorage.getItem(SENT)) {
    localStorage.removeItem(DRAFT);
    localStorage.removeItem(SENT);
  }
};

document.addEventListener("DOMContentLoaded", () => wire(document));
document.addEventListener("htmx:afterSwap", (event) => wire(event.detail.elt.parentElement ?? document));

// Two taps are all: once both are given they are kept. The pause lets arrow keys pass over a number.
const TAPPED = new WeakMap();
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-taps]");
  if (!form || !["importance", "satisfaction"].every((name) => form.elements[name].value)) return;
  clearTimeout(TAPPED.get(form));
  TAPPED.set(form, setTimeout(() => form.requestSubmit(), 500));
});

// A slow network must not look like a dead button. The server counts a form once in any case.
document.addEventListener("submit", (event) => {
  if (event.submitter && !event.defaultPrevented && !event.target.closest("[data-stay]")) {
    event.submitter.setAttribute("aria-busy", "true");
  }
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector?.("[data-upload]");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (event.detail.loaded * 100) / event.detail.total;
});

// No answer that could be shown: say so beside the form, which keeps what was typed.
for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, (event) => {
    const told = event.target.querySelector?.("[data-failed]");
    if (!told) return;
    told.hidden = false;
    told.scrollIntoView({ block: "center" });
  });
}
document.addEventListener("htmx:beforeRequest", (event) => {
  const told = event.target.querySelector?.("[data-failed]");
  if (told) told.hidden = true;
});

// A passkey that did not answer: allauth tells the console only.
document.addEventListener("allauth.error", (event) => {
  const told = document.querySelector("[data-key-failed]");
  if (!told) return;
  event.preventDefault();
  told.hidden = false;
  told.scrollIntoView({ block: "center" });
});

// A request that takes long shows a bar at the top of the page; a quick one shows nothing.
let waiting = 0, slow = 0;
document.addEventListener("htmx:beforeRequest", () => {
  waiting += 1;
  slow ||= setTimeout(() => document.body.classList.add("is-busy"), 400);
});
document.addEventListener("htmx:afterRequest", () => {
  waiting = Math.max(0, waiting - 1);
  if (waiting) return;
  clearTimeout(slow);
  slow = 0;
  document.body.classList.remove("is-busy");
});

// Without a connection: a word on the page that is open, a page of our own instead of the browser's.
const tellOffline = () => {
  const told = document.querySelector("[data-offline]");
  if (told) told.hidden = navigator.onLine;
};
window.addEventListener("offline", tellOffline);
window.addEventListener("online", tellOffline);
document.addEventListener("DOMContentLoaded", tellOffline);
const worker = document.currentScript?.dataset.worker;
if (worker && "serviceWorker" in navigator) {
  window.addEventListener("load", () => {
    const address = `${worker}?lang=${document.documentElement.lang}`;
    navigator.serviceWorker.register(address, { scope: "/" }).catch(() => {}); // a comfort only
  });
}
