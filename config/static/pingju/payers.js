/* The queue of unknown payers by keyboard: J/K move, 0–3 choose, Enter sends what is chosen. */
(() => {
  "use strict";
  const form = document.querySelector("[data-payers]");
  if (!form) return;
  const rows = [...form.querySelectorAll("tbody tr")];
  const at = () => rows.indexOf(document.activeElement.closest("tr"));
  const go = (place) => rows[Math.max(0, Math.min(rows.length - 1, place))]?.focus();
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input[type=text], input[type=search], textarea, select");
    if (event.ctrlKey || event.metaKey || event.altKey || field) return;
    const key = event.key.toLowerCase();
    if (key === "j") go(at() + 1);
    else if (key === "k") go(at() < 0 ? 0 : at() - 1);
    else if (/^[0-3]$/.test(key) && at() >= 0) {
      const here = at(), choice = rows[here].querySelector(`[data-key="${key}"]`);
      if (!choice) return;
      choice.checked = true;
      go(here + 1);
    } else if (key === "enter" && event.target.closest("tbody tr") && !event.target.closest("a, button")) form.requestSubmit();
    else return;
    event.preventDefault();
  });
})();
