// Keys of the blind comparison: 1 left, 2 right, 0 neither, u takes the last one back.
(() => {
  "use strict";
  const pair = document.querySelector("[data-pair]");
  const undo = document.querySelector("[data-undo]");
  let sent = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || sent) return;
    if (event.target.closest && event.target.closest("input, textarea, select")) return;
    const key = event.key.toLowerCase();
    const form = key === "u" ? undo : pair;
    const button = form && form.querySelector(`button[data-key="${CSS.escape(key)}"]`);
    if (!button) return;
    event.preventDefault();
    sent = true;
    form.requestSubmit(button);
  });
})();
