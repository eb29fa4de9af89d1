/* The transcript as text: code points and places, what is selected, what is painted where.
   Highlights are drawn by the CSS Custom Highlight API, so every utterance stays one text node; where
   a browser lacks it they are drawn as <mark>. The browser checks every drawn range in every frame, so
   ranges and bars are there for the sheets of turns near the window alone.
   The page counts UTF-16 units, the server code points. */
(() => {
  "use strict";
  const transcript = document.getElementById("transcript");
  if (!transcript) return;
  const rows = [...transcript.querySelectorAll(".pj-utterance")];
  const said = rows.map((row) => row.querySelector(".pj-said"));
  const sheets = [...transcript.querySelectorAll(".pj-sheet")];
  const PER_SHEET = sheets.length ? sheets[0].children.length : 1;
  const sheetOf = (number) => Math.floor(number / PER_SHEET);
  let starts = said.map((node) => Number(node.dataset.start));
  const native = Boolean(window.CSS && CSS.highlights && window.Highlight);
  const LEVELS = 3;

  const codePoints = (text) => { let n = 0; for (const _ of text) n += 1; return n; };
  const RARE = /[\uD800-\uDBFF]/; // only beyond U+FFFF a character takes two units
  const toUnits = (text, points) => {
    if (!RARE.test(text)) return Math.max(0, Math.min(points, text.length));
    let units = 0;
    for (const character of text) {
      if (points <= 0) break;
      units += character.length;
      points -= 1;
    }
    return units;
  };
  const slice = (text, from, to) => text.slice(toUnits(text, from), toUnits(text, to));

  /* The number of the utterance that holds a code point, by halving. */
  const at = (point) => {
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= point) low = middle; else high = middle - 1;
    }
    return low;
  };
  /* Text node and units of a place inside an utterance, which marks may have divided. */
  const inside = (node, units) => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    let text = walker.nextNode(), last = null;
    while (text) {
      if (units <= text.data.length) return [text, units];
      units -= text.data.length;
      last = text;
      text = walker.nextNode();
    }
    return last ? [last, last.data.length] : null;
  };
  const place = (point) => {
    const number = at(point), node = said[number];
    return inside(node, toUnits(node.textContent, point - starts[number]));
  };
  const rangeOf = (start, end) => {
    const from = place(start), to = place(end);
    if (!from || !to) return null;
    const range = new Range();
    range.setStart(...from);
    range.setEnd(...to);
    return range;
  };
  /* What the words between two code points are; turns are joined by a line feed. */
  const quote = (start, end) => {
    const pieces = [];
    for (let number = at(start); number < said.length && starts[number] < end; number += 1) {
      const text = said[number].textContent;
      pieces.push(slice(text, Math.max(0, start - starts[number]), Math.max(0, end - starts[number])));
    }
    return pieces.join("\n");
  };

  const offsetOf = (node, units) => {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const holder = element.closest(".pj-said");
    if (!holder) return null;
    const before = new Range();
    before.setStart(holder, 0);
    before.setEnd(node, units);
    return Number(holder.dataset.start) + codePoints(before.toString());
  };
  const selected = () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!transcript.contains(range.commonAncestorContainer)) return null;
    const touched = said.filter((node) => range.intersectsNode(node));
    if (!touched.length) return null;
    const first = touched[0], last = touched[touched.length - 1];
    const start = offsetOf(range.startContainer, range.startOffset) ?? Number(first.dataset.start);
    const end = offsetOf(range.endContainer, range.endOffset)
      ?? Number(last.dataset.start) + codePoints(last.textContent);
    return end > start ? { start, end, quote: quote(start, end) } : null;
  };

  /* Passages that overlap lie on different levels: background, then one and two lines under it. */
  const levelled = (highlights) => {
    const free = new Array(LEVELS).fill(-1);
    return [...highlights].sort((a, b) => a.start - b.start || b.end - a.end).map((item) => {
      let level = free.findIndex((end) => end <= item.start);
      if (level < 0) level = LEVELS - 1;
      free[level] = Math.max(free[level], item.end);
      return { item, level };
    });
  };
  const isAgainst = (item) => item.evidence.length > 0 && item.evidence.every((e) => e.stance === "against");
  const nameOf = ({ item, level }) => `${isAgainst(item) ? "pj-against" : "pj-for"}${level ? `-${level}` : ""}`;

  // -- what is near the window is drawn ---------------------------------------------------------
  const near = new Set();
  let passages = [], bars = []; // by sheet; `uses`: how many near sheets draw a passage
  const draw = (one) => {
    one.uses += 1;
    if (one.uses > 1) return;
    one.range = rangeOf(one.start, one.end);
    if (!one.range) return;
    if (!CSS.highlights.has(one.name)) {
      const painted = new Highlight();
      painted.priority = LEVELS - (Number(one.name.slice(-1)) || 0);
      CSS.highlights.set(one.name, painted);
    }
    CSS.highlights.get(one.name).add(one.range);
  };
  const clear = (one) => {
    one.uses -= 1;
    if (one.uses > 0 || !one.range) return;
    CSS.highlights.get(one.name)?.delete(one.range);
    one.range = null;
  };
  const enter = (sheet) => {
    for (const one of passages[sheet] || []) draw(one);
    const todo = bars[sheet];
    if (!todo) return;
    bars[sheet] = null; // bars that are far off cost nothing, so they stay
    todo.forEach(drawBars);
  };
  const leave = (sheet) => { for (const one of passages[sheet] || []) clear(one); };
  const watch = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      const sheet = sheets.indexOf(target);
      if (isIntersecting === near.has(sheet)) continue;
      if (isIntersecting) { near.add(sheet); enter(sheet); } else { near.delete(sheet); leave(sheet); }
    }
  }, { rootMargin: "1200px 0px" });
  // Before the observer has looked: where the page begins, and where its address points.
  const asked = /^#u(\d+)$/.exec(location.hash);
  for (const sheet of [0, 1, ...(asked ? [sheetOf(Number(asked[1]))] : [])]) if (sheets[sheet]) near.add(sheet);
  sheets.forEach((sheet) => watch.observe(sheet));

  const paintNative = (highlights) => {
    for (const name of [...CSS.highlights.keys()]) if (/^pj-(for|against)/.test(name)) CSS.highlights.delete(name);
    passages = [];
    for (const one of levelled(highlights)) {
      const { start, end } = one.item;
      const passage = { name: nameOf(one), start, end, range: null, uses: 0 };
      for (let sheet = sheetOf(at(start)); sheet <= sheetOf(at(end - 1)); sheet += 1) (passages[sheet] ||= []).push(passage);
    }
    for (const sheet of near) for (const one of passages[sheet] || []) draw(one);
  };
  const marked = new Set();
  const paintMarks = (highlights) => {
    for (const number of marked) said[number].textContent = said[number].textContent;
    marked.clear();
    const cuts = new Map();
    for (const one of levelled(highlights)) {
      for (let number = at(one.item.start); number < said.length && starts[number] < one.item.end; number += 1) {
        if (!cuts.has(number)) cuts.set(number, []);
        cuts.get(number).push({ ...one, from: Math.max(0, one.item.start - starts[number]), to: one.item.end - starts[number] });
      }
    }
    for (const [number, ones] of cuts) {
      const text = said[number].textContent, points = Array.from(text);
      const edges = [...new Set([0, points.length, ...ones.flatMap((one) => [one.from, Math.min(one.to, points.length)])])].sort((a, b) => a - b);
      const pieces = edges.slice(1).map((to, n) => {
        const from = edges[n], words = points.slice(from, to).join("");
        const over = ones.filter((one) => one.from <= from && to <= one.to);
        if (!over.length) return document.createTextNode(words);
        const mark = document.createElement("mark");
        mark.className = over.map((one) => `pj-hl-${nameOf(one)}`).join(" ");
        mark.textContent = words;
        return mark;
      });
      said[number].replaceChildren(...pieces);
      marked.add(number);
    }
  };
  const paint = (highlights) => (native ? paintNative(highlights) : paintMarks(highlights));
  const single = (name, start, end) => {
    if (!native) return;
    const range = start === undefined ? null : rangeOf(start, end);
    if (range) CSS.highlights.set(name, new Highlight(range)); else CSS.highlights.delete(name);
  };

  /* Bars in the margin of the turn where a passage begins; a click brings its card. */
  const gutterOf = (row) => row.querySelector(":scope > .pj-gutter");
  function drawBars(items, number) {
    const row = rows[number];
    let gutter = gutterOf(row);
    if (!gutter) {
      gutter = document.createElement("span");
      gutter.className = "pj-gutter";
      said[number].after(gutter);
    }
    gutter.replaceChildren(...items.map((item) => {
      const bar = document.createElement("button");
      bar.type = "button";
      bar.className = "pj-bar-mark";
      bar.tabIndex = -1;
      bar.dataset.highlight = item.id;
      bar.title = item.evidence.map((e) => e.pain).join(" · ");
      bar.setAttribute("aria-label", bar.title);
      if (item.evidence[0]) bar.style.background = item.evidence[0].colour;
      return bar;
    }));
  }
  let barred = new Set();
  const margin = (highlights, onPick) => {
    const of = new Map();
    for (const item of highlights) {
      const number = at(item.start);
      if (!of.has(number)) of.set(number, []);
      of.get(number).push(item);
    }
    for (const number of barred) if (!of.has(number)) gutterOf(rows[number])?.remove();
    barred = new Set(of.keys());
    bars = [];
    for (const [number, items] of of) (bars[sheetOf(number)] ||= new Map()).set(number, items);
    for (const sheet of near) { const todo = bars[sheet]; bars[sheet] = null; if (todo) todo.forEach(drawBars); }
    margin.pick = onPick;
  };
  transcript.addEventListener("click", (event) => {
    const bar = event.target.closest(".pj-bar-mark");
    if (bar && margin.pick) { event.stopPropagation(); margin.pick(Number(bar.dataset.highlight)); }
  }, true);

  /* Turns that were corrected here or elsewhere, with the places of all. */
  const renew = (told) => {
    if (!told.starts) return;
    for (const { index, text, speaker } of told.changed) {
      said[index].textContent = text;
      rows[index].querySelector(".pj-name").textContent = speaker || "—";
    }
    told.starts.forEach((start, number) => { said[number].dataset.start = start; });
    starts = told.starts;
  };

  window.pjText = {
    transcript, rows, said, native, at, codePoints, slice, quote, rangeOf, offsetOf, selected, paint, single, margin, renew,
    startOf: (number) => starts[number],
    endOf: (number) => starts[number] + codePoints(said[number].textContent),
    select: (start, end) => {
      const range = rangeOf(start, end);
      if (!range) return;
      const selection = document.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
    },
    show: (number, block = "center") => rows[number].scrollIntoView({ block, behavior: "smooth" }),
  };
})();
