/* Small manners of the admin's pages: colours that come as data, found words marked, printing. */
(() => {
  "use strict";
  const start = () => {
    for (const dot of document.querySelectorAll(".pj-dot[data-colour]")) dot.style.background = dot.dataset.colour;
    for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
    for (const choice of document.querySelectorAll("select[data-submit]")) choice.addEventListener("change", () => choice.form.requestSubmit());
    if (!("highlights" in CSS)) return;
    const ranges = [];
    for (const box of document.querySelectorAll("[data-mark]")) {
      const text = box.firstChild, wanted = box.dataset.mark.toLowerCase();
      if (!text || !wanted) continue;
      const said = text.data.toLowerCase();
      for (let at = said.indexOf(wanted); at >= 0; at = said.indexOf(wanted, at + wanted.length)) {
        const range = new Range();
        range.setStart(text, at);
        range.setEnd(text, Math.min(at + wanted.length, text.data.length));
        ranges.push(range);
      }
    }
    if (ranges.length) CSS.highlights.set("pj-for", new Highlight(...ranges));
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
