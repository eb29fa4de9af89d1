/* The codebook: a pain point dragged, or moved by keyboard, goes through the form without a script. */
(() => {
  "use strict";
  const book = document.getElementById("book"), form = document.getElementById("book-move");
  if (!book || !form || !book.dataset.move) return;
  const lines = [...book.querySelectorAll(".book-line")];
  const send = (pain, parent, step) => {
    form.elements.pain.value = pain;
    form.elements.parent.value = parent || "";
    form.elements.step.value = step || "";
    form.submit();
  };
  const stepOf = (row) => row.closest("tbody").querySelector(".book-step").dataset.step;
  const depth = (row) => Number(row.dataset.depth);
  const inside = (row, of) => {
    for (let at = row; at; at = document.getElementById(`p${at.dataset.parent}`)) if (at === of) return true;
    return false;
  };
  let held = null;
  const clear = () => { for (const row of book.querySelectorAll(".book-over")) row.classList.remove("book-over"); };
  for (const row of lines) {
    row.addEventListener("dragstart", (event) => {
      held = row;
      row.classList.add("book-held");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.dataset.pain);
    });
    row.addEventListener("dragend", () => { row.classList.remove("book-held"); held = null; clear(); });
  }
  for (const row of book.querySelectorAll(".book-line, .book-step")) {
    row.addEventListener("dragover", (event) => {
      if (!held || inside(row, held)) return;
      event.preventDefault();
      clear();
      row.classList.add("book-over");
    });
    row.addEventListener("drop", (event) => {
      if (!held || inside(row, held)) return;
      event.preventDefault();
      send(held.dataset.pain, row.dataset.pain, row.dataset.step);
    });
  }
  book.addEventListener("keydown", (event) => {
    const row = event.target.closest(".book-line");
    if (!row || event.target !== row) return;
    const at = lines.indexOf(row);
    if (event.altKey && event.key === "ArrowRight") {
      event.preventDefault();
      let above = lines[at - 1];
      if (!above || stepOf(above) !== stepOf(row)) return;
      while (depth(above) > depth(row)) above = document.getElementById(`p${above.dataset.parent}`);
      if (depth(above) === depth(row)) send(row.dataset.pain, above.dataset.pain, "");
    } else if (event.altKey && event.key === "ArrowLeft") {
      event.preventDefault();
      const parent = document.getElementById(`p${row.dataset.parent}`);
      if (parent) send(row.dataset.pain, parent.dataset.parent, stepOf(row));
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = lines[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); }
    }
  });
  const target = location.hash.startsWith("#p") && document.querySelector(location.hash);
  if (target) target.focus();
})();
