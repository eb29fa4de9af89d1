/* Recordings: progress of an upload and of a transcription; speakers named by keyboard. Without this
   script the pages work, only without bars. */
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-sure]")) {
    form.addEventListener("submit", (event) => { if (!window.confirm(form.dataset.sure)) event.preventDefault(); });
  }

  for (const form of document.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const bar = form.querySelector("progress"), button = form.querySelector("button");
      const request = new XMLHttpRequest();
      bar.hidden = false;
      button.disabled = true;
      request.upload.addEventListener("progress", (at) => { if (at.lengthComputable) bar.value = 100 * at.loaded / at.total; });
      request.addEventListener("load", () => {
        if (request.status < 400) { window.location.assign(request.responseURL); return; }
        // The answer is the page with the reason on it.
        const alert = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("[role=alert]");
        let shown = form.querySelector("[role=alert]");
        if (!shown) {
          shown = document.createElement("p");
          shown.className = "pj-error";
          shown.setAttribute("role", "alert");
          form.querySelector("h2").after(shown);
        }
        shown.textContent = alert ? alert.textContent : String(request.status);
        bar.hidden = true;
        button.disabled = false;
      });
      request.addEventListener("error", () => { form.submit(); });
      request.open("POST", form.action || window.location.href);
      request.send(new FormData(form));
    });
  }

  const follow = async (row) => {
    const told = await fetch(row.dataset.job).then((reply) => reply.json()).catch(() => null);
    if (told) {
      row.querySelector("progress").value = told.done;
      row.querySelector("[data-state]").textContent = told.label;
      if (told.ended) { window.location.reload(); return; }
    }
    setTimeout(() => follow(row), 1000);
  };
  for (const row of document.querySelectorAll("[data-job]")) if (row.dataset.job) follow(row);

  const review = document.querySelector("form[data-review]");
  if (!review) return;
  const player = document.querySelector("[data-player]");
  const rows = [...review.querySelectorAll("tbody tr[data-start]")];
  const play = (row) => {
    if (!player) return;
    player.currentTime = Number(row.dataset.start) / 1000;
    player.play().catch(() => {});
  };
  const names = () => {
    for (let n = 0; n < 6; n += 1) {
      const name = review.elements[`name-${n}`].value.trim();
      for (const row of rows) row.querySelector("select").options[n + 1].textContent = name || String(n + 1);
    }
  };
  review.addEventListener("input", (event) => { if (event.target.name && event.target.name.startsWith("name-")) names(); });
  for (const row of rows) row.querySelector("[data-play]").addEventListener("click", () => { row.focus(); play(row); });
  review.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-start]");
    if (!row || event.target.tagName === "SELECT" || event.ctrlKey || event.metaKey) return;
    const at = rows.indexOf(row);
    if (event.key === "ArrowDown" && rows[at + 1]) rows[at + 1].focus();
    else if (event.key === "ArrowUp" && rows[at - 1]) rows[at - 1].focus();
    else if (/^[1-6]$/.test(event.key)) row.querySelector("select").value = String(Number(event.key) - 1);
    else if (event.key === "0") row.querySelector("select").value = "";
    else if (event.key === " ") { if (player && !player.paused) player.pause(); else play(row); }
    else return;
    event.preventDefault();
  });
  if (player) player.addEventListener("timeupdate", () => {
    const now = player.currentTime * 1000;
    for (const row of rows) row.classList.toggle("pj-now", Number(row.dataset.start) <= now && now < Number(row.dataset.end));
  });
})();
