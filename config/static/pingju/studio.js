"use strict";
// Comforts only: the studio's forms work without this file.

/** How many shots are ticked; all of a page at once. */
const wireTicks = (form) => {
  const boxes = [...form.querySelectorAll("input[name=shot]:not(:disabled)")];
  const told = form.querySelector("[data-ticked]");
  const all = form.querySelector("[data-tick-all]");
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    told.textContent = ticked ? `(${ticked})` : "";
  };
  let last = null;
  form.addEventListener("click", (event) => {
    const box = event.target.closest("input[name=shot]");
    if (!box) return;
    if (event.shiftKey && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
    show();
  });
  all.hidden = false;
  all.addEventListener("click", () => {
    const on = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = on;
    show();
  });
  show();
};

/** Each character of the form as a box on the picture: dragged, or moved with the arrow keys. */
const wireBlocking = (stage) => {
  const rows = [...document.querySelectorAll("[data-standing]")];
  const help = document.querySelector("[data-blocking-help]");
  if (!rows.length) return;
  if (help) help.hidden = false;
  for (const row of rows) {
    const sides = Object.fromEntries(
      [...row.querySelectorAll("[data-side]")].map((input) => [input.dataset.side, input]),
    );
    const spot = document.createElement("button");
    spot.type = "button";
    spot.className = "spot";
    spot.title = stage.dataset.help;
    spot.setAttribute("aria-label", `${row.dataset.name}. ${stage.dataset.help}`);
    const name = document.createElement("span");
    name.textContent = row.dataset.name;
    name.style.borderLeft = `6px solid ${row.dataset.colour}`;
    spot.append(name);
    stage.append(spot);
    const value = (side) => Number(sides[side].value) || 0;
    const show = () => {
      spot.style.left = `${value("x")}%`;
      spot.style.top = `${value("y")}%`;
      spot.style.width = `${value("width")}%`;
      spot.style.height = `${value("height")}%`;
    };
    const put = (side, number) => {
      const most = side === "x" ? 100 - value("width") : side === "y" ? 100 - value("height") : 100;
      sides[side].value = Math.round(Math.min(Math.max(number, side === "width" || side === "height" ? 8 : 0), most));
      show();
    };
    spot.addEventListener("pointerdown", (event) => {
      const frame = stage.getBoundingClientRect();
      const from = { x: event.clientX, y: event.clientY, left: value("x"), top: value("y") };
      spot.setPointerCapture(event.pointerId);
      const move = (at) => {
        put("x", from.left + ((at.clientX - from.x) / frame.width) * 100);
        put("y", from.top + ((at.clientY - from.y) / frame.height) * 100);
      };
      const end = () => {
        spot.removeEventListener("pointermove", move);
        spot.removeEventListener("pointerup", end);
        spot.removeEventListener("pointercancel", end);
      };
      spot.addEventListener("pointermove", move);
      spot.addEventListener("pointerup", end);
      spot.addEventListener("pointercancel", end);
    });
    spot.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!step) return;
      event.preventDefault();
      const [across, down] = event.shiftKey ? ["width", "height"] : ["x", "y"];
      if (step[0]) put(across, value(across) + step[0] * 2);
      if (step[1]) put(down, value(down) + step[1] * 2);
    });
    for (const input of Object.values(sides)) input.addEventListener("input", show);
    const gone = row.querySelector("input[type=checkbox]");
    gone.addEventListener("change", () => { spot.hidden = gone.checked; });
    show();
  }
};

for (const form of document.querySelectorAll("[data-studio]")) wireTicks(form);
for (const stage of document.querySelectorAll("[data-blocking]")) wireBlocking(stage);
for (const change of document.querySelectorAll("#change")) change.scrollIntoView({ block: "nearest" });
