/* The second coder's queue by keyboard; without it the form works as it is. */
(() => {
  "use strict";
  const form = document.getElementById("queue-form");
  if (!form) return;
  const back = document.getElementById("queue-back");
  const boxes = [...form.querySelectorAll(".queue-pain")];
  const turn = (box) => {
    const choices = [...box.querySelectorAll("input")];
    const now = choices.findIndex((choice) => choice.checked);
    choices[(now + 1) % choices.length].checked = true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(TEXTAREA|SELECT|A|BUTTON|SUMMARY)$/.test(event.target.tagName)) return;
    if (event.target.tagName === "INPUT" && event.target.type !== "radio") return;
    const key = event.key.toLowerCase();
    if (key === "enter") { event.preventDefault(); form.requestSubmit(); }
    else if (key === "n") for (const box of boxes) box.querySelector('input[value=""]').checked = true;
    else if (key === "p" && back) back.click();
    else {
      const box = boxes.find((candidate) => candidate.dataset.key === key);
      if (box) { event.preventDefault(); turn(box); }
    }
  });
})();
