/* Search by keyboard: / focuses the box, j and k or the arrows move over the hits, Enter opens one. */
(() => {
  "use strict";
  const box = document.querySelector("[data-search-box]");
  const hits = [...document.querySelectorAll("[data-hit]")];
  if (!box) return;
  const move = (step) => {
    const at = hits.indexOf(document.activeElement);
    const next = hits[Math.min(hits.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.closest(".pj-hit").scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing) { event.preventDefault(); box.focus(); box.select(); return; }
    if (event.key === "Escape" && document.activeElement === box) { box.blur(); return; }
    if (typing && !(document.activeElement === box && event.key === "ArrowDown")) return;
    const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
    if (!(event.key in steps) || !hits.length) return;
    event.preventDefault();
    move(steps[event.key]);
  });
})();
