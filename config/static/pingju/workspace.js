/* Tagging: a selection becomes evidence, by mouse or by keyboard; the last tag can be taken back. */
(() => {
  "use strict";
  const root = document.getElementById("workspace");
  const text = window.pjText;
  if (!root || !text) return;
  const form = document.getElementById("tag-form");
  const error = document.getElementById("tag-error");
  const list = document.getElementById("highlight-list");
  const options = document.getElementById("pain-options");
  const toast = document.getElementById("toast");
  const undo = document.getElementById("undo");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const sendButton = document.getElementById("tag-send");
  const words = { tag: sendButton.textContent, edit: sendButton.dataset.edit };
  const may = root.dataset.may === "1";
  const pains = read("pains-data");
  const PAGE = 40;
  const state = {
    highlights: read("highlights-data"), lost: read("lost-data"),
    version: Number(root.dataset.transcript), number: Number(root.dataset.number),
  };
  let chosen = null;
  let edited = null; // the reading that the form refines; null where it makes a new one
  let made = []; // what was tagged here, newest last
  let likely = [];
  let picked = -1;

  const make = (tag, className, words) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (words !== undefined) element.textContent = words;
    return element;
  };
  const fill = (template, values) => template.replace(/{(\w+)}/g, (_, name) => values[name] ?? "");
  const send = async (url, body) => {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(body),
      });
      return { status: response.status, ...(await response.json()) };
    } catch {
      return { error: root.dataset.lost };
    }
  };
  const tell = (message, undoable = false) => {
    toast.firstElementChild.textContent = message;
    toast.hidden = !message;
    undo.hidden = !undoable;
  };
  const refuse = (message) => { error.textContent = message; error.hidden = !message; };

  // -- the list of highlights: as much of it as is looked at -----------------------------------
  let shown = 0;
  const chip = (item, evidence) => {
    const row = make("div", "pj-chip");
    const dot = make("span", "pj-dot");
    dot.style.background = evidence.colour;
    row.append(dot, make("span", "", `${evidence.pain} · ${evidence.stance_label}${evidence.severity ? ` · ${evidence.severity}/5` : ""} · ${evidence.coder}`));
    if (!may) return row;
    const button = (sign, label, action) => {
      const made = make("button", "pj-remove", sign);
      made.type = "button";
      made.title = label;
      made.setAttribute("aria-label", label);
      made.addEventListener("click", action);
      return made;
    };
    row.append(
      button("✎", root.dataset.edit, () => refine(item, evidence)),
      button("×", root.dataset.remove, () => untag(evidence.id)),
    );
    return row;
  };
  /* How far its speaker lets it go: nobody who tags or cites it may overlook that. */
  const limit = (item) => {
    const row = make("p", "pj-limit");
    row.append(make("span", "pj-tag pj-tag-limit", item.limit), make("span", "", root.dataset.limited));
    return row;
  };
  const card = (item) => {
    const box = make("figure", "pj-quote");
    box.id = `h${item.id}`;
    const quote = make("blockquote", "", text.quote(item.start, item.end));
    quote.tabIndex = 0;
    quote.addEventListener("click", () => text.show(text.at(item.start)));
    box.append(quote);
    if (item.limit) box.append(limit(item));
    box.append(...item.evidence.map((evidence) => chip(item, evidence)));
    return box;
  };
  const more = make("button", "pj-link", root.dataset.more);
  more.type = "button";
  const grow = (upTo) => {
    const until = Math.min(state.highlights.length, Math.max(upTo, shown + PAGE));
    const fresh = document.createDocumentFragment();
    for (; shown < until; shown += 1) fresh.append(card(state.highlights[shown]));
    more.remove();
    list.append(fresh);
    if (shown < state.highlights.length) list.append(more);
  };
  more.addEventListener("click", () => grow(0));
  new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) grow(0); }, { rootMargin: "400px" }).observe(more);
  const bring = (id) => {
    const number = state.highlights.findIndex((item) => item.id === id);
    if (number < 0) return;
    if (number >= shown) grow(number + 1);
    const box = document.getElementById(`h${id}`);
    for (const other of list.querySelectorAll(".pj-quote-now")) other.classList.remove("pj-quote-now");
    box.classList.add("pj-quote-now");
    box.scrollIntoView({ block: "center" });
  };
  const show = () => {
    document.getElementById("highlight-count").textContent = state.highlights.length;
    state.highlights.sort((a, b) => a.start - b.start);
    const keep = shown;
    shown = 0;
    list.replaceChildren();
    if (!state.highlights.length) list.append(make("p", "pj-muted", root.dataset.none)); else grow(keep);
    text.paint(state.highlights);
    text.margin(state.highlights, bring);
    document.dispatchEvent(new CustomEvent("pj:shown", { detail: state }));
  };
  /* An answer of the server: whatever of the page it changes. */
  const take = (told) => {
    if (told.gone || told.whole === false) { tell(root.dataset.reload); window.location.reload(); return; }
    text.renew(told);
    for (const name of ["highlights", "lost", "version", "number"]) if (told[name] !== undefined) state[name] = told[name];
    show();
  };

  // -- the form: type ahead over the codebook --------------------------------------------------
  const matching = () => {
    const typed = form.elements.title.value.trim().toLowerCase();
    const found = pains.filter((pain) => !typed || pain.also.toLowerCase().includes(typed) || pain.title.toLowerCase().includes(typed));
    const rank = (pain) => { const at = likely.indexOf(pain.id); return at < 0 ? likely.length : at; };
    const used = (pain) => made.filter((one) => one.pain === pain.id).length;
    return found.sort((a, b) => rank(a) - rank(b) || used(b) - used(a) || a.title.localeCompare(b.title, document.documentElement.lang)).slice(0, 8);
  };
  const choose = (number) => {
    const items = [...options.children];
    picked = items.length ? (number + items.length) % items.length : -1;
    items.forEach((item, n) => item.setAttribute("aria-selected", String(n === picked)));
    const now = items[picked];
    form.elements.title.setAttribute("aria-activedescendant", now ? now.id : "");
    if (now) now.scrollIntoView({ block: "nearest" });
  };
  const suggest = () => {
    const found = edited ? [] : matching();
    options.replaceChildren(...found.map((pain, n) => {
      const item = make("li", "pj-option");
      item.id = `pain-option-${n}`;
      item.setAttribute("role", "option");
      item.dataset.title = pain.title;
      const dot = make("span", "pj-dot");
      dot.style.background = pain.colour;
      item.append(dot, make("span", "", pain.title));
      if (likely.includes(pain.id)) item.append(make("span", "pj-tag", root.dataset.likely));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); form.elements.title.value = pain.title; suggest(); });
      return item;
    }));
    const typed = form.elements.title.value.trim();
    form.elements.title.setAttribute("aria-expanded", String(found.length > 0));
    if (typed && !pains.some((pain) => pain.title === typed) && !edited) {
      const item = make("li", "pj-option pj-option-new");
      item.id = "pain-option-new";
      item.setAttribute("role", "option");
      item.dataset.title = typed;
      item.append(make("span", "", typed), make("span", "pj-tag", root.dataset.fresh));
      options.append(item);
    }
    const exact = found.findIndex((pain) => pain.title === typed);
    if (options.children.length) choose(exact >= 0 ? exact : 0); else picked = -1;
  };
  const open = (passage) => {
    const now = passage || text.selected();
    if (!now || !may) return;
    close();
    chosen = now;
    document.getElementById("tag-quote").textContent = now.quote;
    form.hidden = false;
    refuse("");
    text.single("pj-chosen", now.start, now.end);
    likely = [];
    suggest();
    send(root.dataset.likelyUrl, { text: now.quote }).then((told) => {
      if (!told.likely || chosen !== now) return;
      likely = told.likely;
      suggest();
    });
  };
  const close = () => {
    chosen = edited = null;
    form.hidden = true;
    form.elements.title.disabled = false;
    sendButton.textContent = words.tag;
    form.reset();
    options.replaceChildren();
    text.single("pj-chosen");
  };
  const refine = (item, evidence) => {
    close();
    edited = evidence.id;
    document.getElementById("tag-quote").textContent = text.quote(item.start, item.end);
    form.elements.title.value = evidence.pain;
    form.elements.title.disabled = true;
    for (const name of ["stance", "severity", "frequency", "workaround", "spend"]) form.elements[name].value = evidence[name] ?? "";
    sendButton.textContent = words.edit;
    form.hidden = false;
    refuse("");
    form.elements.stance.focus();
  };
  const untag = async (id, asked = false) => {
    if (!asked && !window.confirm(root.dataset.sure)) return false;
    const answer = await send(root.dataset.untagUrl.replace("/0/", `/${id}/`), {});
    if (answer.error) { tell(answer.error); return false; }
    made = made.filter((one) => one.evidence !== id);
    take(answer);
    return true;
  };
  const takeBack = async () => {
    const last = made[made.length - 1];
    if (last && await untag(last.evidence, true)) tell(root.dataset.undone, made.length > 0);
  };
  undo.addEventListener("click", takeBack);

  form.elements.title.addEventListener("input", suggest);
  form.addEventListener("keydown", (event) => {
    if (event.altKey && /^Digit[1-5]$/.test(event.code)) form.elements.severity.value = event.code.slice(-1);
    else if (event.altKey && event.code === "KeyF") form.elements.stance.value = "for";
    else if (event.altKey && event.code === "KeyA") form.elements.stance.value = "against";
    else if (event.target === form.elements.title && event.key === "ArrowDown") choose(picked + 1);
    else if (event.target === form.elements.title && event.key === "ArrowUp") choose(picked - 1);
    else if (event.target === form.elements.title && event.key === "Enter" && !event.isComposing && options.children[picked]) {
      form.elements.title.value = options.children[picked].dataset.title;
      form.requestSubmit();
    } else return;
    event.preventDefault();
  });
  document.getElementById("tag-cancel").addEventListener("click", close);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reading = {};
    for (const name of ["stance", "severity", "frequency", "workaround", "spend"]) reading[name] = form.elements[name].value;
    if (edited) {
      const answer = await send(root.dataset.editUrl.replace("/0/", `/${edited}/`), reading);
      if (answer.error) { refuse(answer.error); return; }
      close();
      take(answer);
      return;
    }
    if (!chosen) return;
    const title = form.elements.title.value.trim();
    const known = pains.find((pain) => pain.title === title);
    const answer = await send(root.dataset.tagUrl, {
      transcript: state.version, ...chosen, pain: known ? known.id : null, title, ...reading,
    });
    if (answer.status === 409) { close(); take(answer); tell(answer.error); return; }
    if (answer.error) { refuse(answer.error); return; }
    if (!pains.some((pain) => pain.id === answer.pain.id)) pains.push(answer.pain);
    made.push({ evidence: answer.evidence, pain: answer.pain.id });
    document.getSelection().removeAllRanges();
    close();
    take(answer);
    tell(fill(root.dataset.tagged, { pain: answer.pain.title }), true);
    text.transcript.focus({ preventScroll: true });
  });

  text.transcript.addEventListener("mouseup", () => setTimeout(() => open(), 0));
  /* A finger that presses long selects without a mouse: once the selection rests, it is asked about. */
  let touched = false, resting = 0;
  for (const name of ["pointerdown", "touchstart"]) text.transcript.addEventListener(name, (event) => { touched = event.type === "touchstart" || event.pointerType === "touch"; }, { passive: true });
  document.addEventListener("selectionchange", () => {
    clearTimeout(resting);
    if (touched && !form.contains(document.activeElement)) resting = setTimeout(() => { if (text.selected()) open(); }, 500);
  });
  window.pjWorkspace = { root, state, text, send, tell, take, show, make, fill, open, close, takeBack, untag, may, isOpen: () => Boolean(chosen || edited) };
  show();
  /* A suggestion that was accepted elsewhere on the page became a highlight. */
  document.addEventListener("pj:highlights", (event) => { state.highlights = event.detail; show(); });
  document.addEventListener("pj:point", (event) => {
    const { start, end } = event.detail;
    text.show(text.at(start));
    text.single("pj-suggested", start, end);
  });
  if (location.hash.startsWith("#h")) {
    const item = state.highlights.find((h) => `#h${h.id}` === location.hash);
    if (item) { text.rows[text.at(item.start)].scrollIntoView({ block: "center" }); bring(item.id); }
  }
})();
