/* The transcript workspace: a selection becomes code-point offsets, a tag becomes evidence.
   Highlights are drawn by the CSS Custom Highlight API, so every utterance stays one text node and
   offsets never depend on markup. The page counts UTF-16 units, the server code points. */
(() => {
  "use strict";
  const root = document.getElementById("workspace");
  const transcript = document.getElementById("transcript");
  if (!root || !transcript) return;
  const form = document.getElementById("tag-form");
  const error = document.getElementById("tag-error");
  const list = document.getElementById("highlight-list");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  let highlights = read("highlights-data");
  const pains = read("pains-data");
  const said = [...transcript.querySelectorAll(".pj-said")];
  const starts = said.map((node) => Number(node.dataset.start));
  const sendButton = document.getElementById("tag-send");
  const words = { tag: sendButton.textContent, edit: sendButton.dataset.edit };
  let chosen = null;
  let edited = null; // the reading that the form refines; null where it makes a new one

  const codePoints = (text) => { let n = 0; for (const _ of text) n += 1; return n; };
  const toUnits = (text, points) => {
    let units = 0;
    for (const character of text) {
      if (points <= 0) break;
      units += character.length;
      points -= 1;
    }
    return units;
  };

  /* The utterance that holds a code point, by halving. */
  const utteranceAt = (point) => {
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= point) low = middle; else high = middle - 1;
    }
    return said[low];
  };
  const place = (point) => {
    const node = utteranceAt(point);
    const text = node.firstChild;
    if (!text) return null;
    return [text, toUnits(text.data, point - Number(node.dataset.start))];
  };
  const rangeOf = (start, end) => {
    const from = place(start), to = place(end);
    if (!from || !to) return null;
    const range = new Range();
    range.setStart(...from);
    range.setEnd(...to);
    return range;
  };

  const offsetOf = (node, units) => {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const holder = element.closest(".pj-said");
    if (holder) {
      const text = holder.firstChild ? holder.firstChild.data : "";
      const inside = node.nodeType === Node.TEXT_NODE ? units : (units ? text.length : 0);
      return Number(holder.dataset.start) + codePoints(text.slice(0, inside));
    }
    return null;
  };
  const selected = () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!transcript.contains(range.commonAncestorContainer)) return null;
    const inside = said.filter((node) => range.intersectsNode(node));
    if (!inside.length) return null;
    const first = inside[0], last = inside[inside.length - 1];
    const start = offsetOf(range.startContainer, range.startOffset) ?? Number(first.dataset.start);
    const end = offsetOf(range.endContainer, range.endOffset)
      ?? Number(last.dataset.start) + codePoints(last.textContent);
    if (end <= start) return null;
    let quote = "";
    for (const node of inside) {
      const from = Number(node.dataset.start);
      const points = Array.from(node.textContent);
      quote += (quote ? "\n" : "")
        + points.slice(Math.max(0, start - from), Math.max(0, end - from)).join("");
    }
    return { start, end, quote };
  };

  const paint = () => {
    if (!("highlights" in CSS)) return;
    for (const name of [...CSS.highlights.keys()]) if (name.startsWith("pj-")) CSS.highlights.delete(name);
    const groups = { "pj-for": [], "pj-against": [] };
    for (const item of highlights) {
      const range = rangeOf(item.start, item.end);
      const against = item.evidence.length && item.evidence.every((e) => e.stance === "against");
      if (range) groups[against ? "pj-against" : "pj-for"].push(range);
    }
    for (const [name, ranges] of Object.entries(groups)) CSS.highlights.set(name, new Highlight(...ranges));
    const kept = chosen && rangeOf(chosen.start, chosen.end);
    if (kept) CSS.highlights.set("pj-chosen", new Highlight(kept));
  };

  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const show = () => {
    document.getElementById("highlight-count").textContent = highlights.length;
    list.replaceChildren();
    if (!highlights.length) list.append(make("p", "pj-muted", root.dataset.none));
    for (const item of highlights) {
      const box = make("figure", "pj-quote");
      box.id = `h${item.id}`;
      const quote = make("blockquote", "", item.text);
      quote.tabIndex = 0;
      quote.addEventListener("click", () => utteranceAt(item.start).scrollIntoView({ block: "center", behavior: "smooth" }));
      box.append(quote);
      for (const evidence of item.evidence) {
        const chip = make("div", "pj-chip");
        const dot = make("span", "pj-dot");
        dot.style.background = evidence.colour;
        const link = make("span", "", `${evidence.pain} · ${evidence.stance_label}${evidence.severity ? ` · ${evidence.severity}/5` : ""} · ${evidence.coder}`);
        const remove = make("button", "pj-remove", "×");
        remove.type = "button";
        remove.setAttribute("aria-label", root.dataset.remove);
        remove.addEventListener("click", () => untag(evidence.id));
        const edit = make("button", "pj-remove", "✎");
        edit.type = "button";
        edit.setAttribute("aria-label", root.dataset.edit);
        edit.title = root.dataset.edit;
        edit.addEventListener("click", () => refine(item, evidence));
        chip.append(dot, link, edit, remove);
        box.append(chip);
      }
      list.append(box);
    }
    paint();
  };

  const send = async (url, body) => {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(body),
      });
      return await response.json();
    } catch {
      return { error: root.dataset.lost };
    }
  };
  const refuse = (message) => { error.textContent = message; error.hidden = !message; };
  const untag = async (id) => {
    if (!window.confirm(root.dataset.sure)) return;
    const answer = await send(root.dataset.untagUrl.replace("/0/", `/${id}/`), {});
    if (answer.error) { window.alert(answer.error); return; }
    highlights = answer.highlights;
    show();
  };

  const open = () => {
    const now = selected();
    if (!now) return;
    close();
    chosen = now;
    document.getElementById("tag-quote").textContent = now.quote;
    form.hidden = false;
    refuse("");
    paint();
  };
  const close = () => {
    chosen = edited = null;
    form.hidden = true;
    form.elements.title.disabled = false;
    sendButton.textContent = words.tag;
    form.reset();
    paint();
  };
  const refine = (item, evidence) => {
    close();
    edited = evidence.id;
    document.getElementById("tag-quote").textContent = item.text;
    form.elements.title.value = evidence.pain;
    form.elements.title.disabled = true;
    for (const name of ["stance", "severity", "frequency", "workaround", "spend"]) form.elements[name].value = evidence[name] ?? "";
    sendButton.textContent = words.edit;
    form.hidden = false;
    refuse("");
    form.elements.stance.focus();
  };

  transcript.addEventListener("mouseup", () => setTimeout(open, 0));
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "Escape" && (chosen || edited)) close();
    if ((event.key === "t" || event.key === "T") && !typing && !event.ctrlKey && !event.metaKey) {
      open();
      if (chosen) { event.preventDefault(); form.elements.title.focus(); }
    }
  });
  document.getElementById("tag-cancel").addEventListener("click", close);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reading = {};
    for (const name of ["stance", "severity", "frequency", "workaround", "spend"]) reading[name] = form.elements[name].value;
    if (edited) {
      const answer = await send(root.dataset.editUrl.replace("/0/", `/${edited}/`), reading);
      if (answer.error) { refuse(answer.error); return; }
      highlights = answer.highlights;
      close();
      show();
      return;
    }
    if (!chosen) return;
    const title = form.elements.title.value.trim();
    const known = pains.find((pain) => pain.title === title);
    const answer = await send(root.dataset.tagUrl, {
      transcript: Number(root.dataset.transcript), ...chosen,
      pain: known ? known.id : null, title, ...reading,
    });
    if (answer.error) { refuse(answer.error); return; }
    if (!known) pains.push(answer.pain);
    highlights = answer.highlights;
    document.getSelection().removeAllRanges();
    close();
    show();
  });
  show();
  /* A suggestion that was accepted elsewhere on the page became a highlight. */
  document.addEventListener("pj:highlights", (event) => { highlights = event.detail; show(); });
  document.addEventListener("pj:point", (event) => {
    const { start, end } = event.detail;
    utteranceAt(start).scrollIntoView({ block: "center", behavior: "smooth" });
    const range = rangeOf(start, end);
    if (range && "highlights" in CSS) CSS.highlights.set("pj-suggested", new Highlight(range));
  });
  if (location.hash.startsWith("#h")) {
    const item = highlights.find((h) => `#h${h.id}` === location.hash);
    if (item) utteranceAt(item.start).scrollIntoView({ block: "center" });
  }
})();
