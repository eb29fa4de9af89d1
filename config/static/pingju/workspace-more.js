/* Beside the tags: keyboard, player, corrections, other people, guide, cards. */
(() => {
  "use strict";
  const house = window.pjWorkspace;
  const text = window.pjText;
  const root = document.getElementById("workspace");
  if (!root) return;

  // -- cards and guide work without a transcript too ------------------------------------------
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  const cards = document.querySelector("[data-cards]");
  for (const form of document.querySelectorAll("form[data-card]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const alert = document.querySelector("#cards > [role=alert]");
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } })
        .then((reply) => reply.json()).catch(() => ({ error: root.dataset.lost }));
      alert.textContent = answer.error || "";
      alert.hidden = !answer.error;
      if (answer.error) return;
      cards.replaceChildren(...answer.cards.map((item) => {
        const row = document.createElement("li"), what = document.createElement("strong"), said = document.createElement("span");
        what.textContent = item.what;
        said.className = "pj-muted";
        said.textContent = ` ${item.said}`;
        row.append(what, said);
        return row;
      }));
      form.reset();
    });
  }
  let current = -1;
  const guide = document.getElementById("guide");
  if (guide) guide.addEventListener("change", async (event) => {
    const box = event.target;
    const answer = await fetch(root.dataset.guideUrl, {
      method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token.value },
      body: JSON.stringify({ question: Number(box.dataset.question), answered: box.checked, turn: current >= 0 ? current : null }),
    }).then((reply) => reply.json()).catch(() => ({ error: root.dataset.lost }));
    if (answer.error) { box.checked = !box.checked; if (house) house.tell(answer.error); return; }
    const link = box.closest("li").querySelector("[data-turn]"), turn = answer.answered[box.dataset.question];
    link.textContent = turn === undefined || turn === null ? "" : `${root.dataset.answered} ${turn + 1}`;
    if (turn === undefined || turn === null) link.removeAttribute("href"); else link.href = `#u${turn}`;
  });

  if (!house || !text) return;
  const { state, tell, take, send, make, fill, may } = house;

  // -- where the reader is ---------------------------------------------------------------------
  let anchor = null, reach = null; // the sentences that are selected by keyboard
  const go = (number, scroll = true) => {
    if (number < 0 || number >= text.rows.length) return;
    anchor = reach = null;
    if (current >= 0) text.rows[current].classList.remove("pj-current");
    current = number;
    text.rows[current].classList.add("pj-current");
    if (scroll) text.rows[current].scrollIntoView({ block: "nearest" });
  };
  const rowOf = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".pj-utterance");

  // -- sentences by keyboard -------------------------------------------------------------------
  const sentences = (number) => {
    const words = text.said[number].textContent, base = text.startOf(number), found = [];
    for (const match of words.matchAll(/[^。！？!?…\n]+[。！？!?…\n”’」』]*|[。！？!?…]+/gu)) {
      const from = text.codePoints(words.slice(0, match.index));
      const trimmed = match[0].trimEnd();
      if (trimmed.trim()) found.push([base + from, base + from + text.codePoints(trimmed)]);
    }
    return found;
  };
  const step = (by, extend) => {
    if (current < 0) go(0);
    const found = sentences(current);
    if (!found.length) return;
    reach ??= by > 0 ? -1 : found.length;
    reach = Math.max(0, Math.min(found.length - 1, reach + by));
    if (!extend || anchor === null || anchor >= found.length) anchor = reach;
    const from = Math.min(anchor, reach), to = Math.max(anchor, reach);
    text.select(found[from][0], found[to][1]);
  };

  // -- player ----------------------------------------------------------------------------------
  const player = document.getElementById("player");
  const follow = document.getElementById("follow");
  const times = text.rows.map((row) => (row.dataset.ms === undefined ? null : Number(row.dataset.ms)));
  const timed = times.map((ms, number) => [ms, number]).filter(([ms]) => ms !== null).sort((a, b) => a[0] - b[0]);
  let playing = -1, scrolled = 0;
  const playFrom = (number) => {
    if (!player || times[number] === null || times[number] === undefined) return;
    player.currentTime = times[number] / 1000;
    player.play().catch(() => {});
  };
  if (player) {
    const recording = document.getElementById("recording");
    if (recording) recording.addEventListener("change", () => { player.src = recording.value; });
    for (const name of ["wheel", "touchmove"]) window.addEventListener(name, () => { scrolled = Date.now(); }, { passive: true });
    player.addEventListener("timeupdate", () => {
      const now = player.currentTime * 1000 + 50;
      let low = 0, high = timed.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (timed[middle][0] <= now) low = middle; else high = middle - 1;
      }
      const number = timed.length && timed[low][0] <= now ? timed[low][1] : -1;
      if (number === playing) return;
      if (playing >= 0) text.rows[playing].classList.remove("pj-now");
      playing = number;
      if (playing < 0) return;
      text.rows[playing].classList.add("pj-now");
      if (follow && follow.checked && !house.isOpen() && !editing && Date.now() - scrolled > 4000) text.show(playing);
    });
  }

  // -- a turn is corrected ---------------------------------------------------------------------
  let editing = null;
  const endEdit = () => {
    if (!editing) return;
    editing.box.remove();
    editing.row.classList.remove("pj-editing");
    editing = null;
    text.transcript.focus({ preventScroll: true });
  };
  const edit = (number) => {
    if (!may || number < 0) return;
    endEdit();
    house.close();
    go(number, false);
    const row = text.rows[number], box = make("div", "pj-correct");
    const who = make("input", "pj-input"), area = make("textarea", "pj-input"), note = make("p", "pj-error");
    who.value = row.querySelector(".pj-name").textContent.replace(/^—$/, "");
    who.maxLength = 80;
    who.setAttribute("aria-label", root.dataset.speaker);
    area.value = text.said[number].textContent;
    area.rows = Math.min(14, Math.max(3, Math.ceil(area.value.length / 42)));
    area.setAttribute("aria-label", root.dataset.correct);
    note.setAttribute("role", "alert");
    note.hidden = true;
    const actions = make("div", "pj-actions"), save = make("button", "pj-button", root.dataset.save), no = make("button", "pj-link", root.dataset.cancel);
    save.type = no.type = "button";
    actions.append(save, no);
    box.append(who, area, note, actions);
    row.append(box);
    row.classList.add("pj-editing");
    editing = { row, box, number, area, who, note, save, base: state.version, clash: null };
    save.addEventListener("click", store);
    no.addEventListener("click", endEdit);
    box.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") { event.preventDefault(); endEdit(); }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); store(); }
    });
    area.focus();
  };
  const store = async () => {
    const now = editing;
    now.save.disabled = true;
    const answer = await send(root.dataset.correctUrl, {
      version: now.base, seen: state.version, index: now.number, text: now.area.value, speaker: now.who.value,
    });
    now.save.disabled = false;
    if (answer.status === 409) { clash(now, answer); return; }
    if (answer.error) { now.note.textContent = answer.error; now.note.hidden = false; return; }
    endEdit();
    take(answer);
    tell(fill(root.dataset.corrected, { number: answer.number, moved: answer.moved, changed: answer.changed_quotes, lost: answer.lost_now }));
  };
  /* Somebody was quicker: theirs is shown, both are joined where they do not touch. */
  const clash = (now, answer) => {
    now.note.hidden = false;
    now.note.textContent = answer.error;
    if (now.clash) now.clash.remove();
    if (answer.theirs === null) return;
    now.clash = make("div", "pj-clash");
    const theirs = make("blockquote", "", answer.theirs);
    now.clash.append(make("p", "pj-label", root.dataset.theirs), theirs);
    if (answer.merged !== null) {
      now.area.value = answer.merged;
      now.clash.append(make("p", "pj-help", root.dataset.both));
    } else {
      now.clash.append(make("p", "pj-help", root.dataset.clash));
    }
    now.area.before(now.clash);
    now.base = answer.newest;
    now.save.textContent = root.dataset.again;
    now.area.focus();
  };
  if (may) text.transcript.addEventListener("dblclick", (event) => {
    const who = event.target.closest(".pj-who");
    if (who) edit(text.rows.indexOf(rowOf(who)));
  });

  // -- passages that were not found again ------------------------------------------------------
  const lostBox = document.getElementById("lost"), lostList = document.getElementById("lost-list");
  const showLost = () => {
    lostBox.hidden = !state.lost.length;
    document.getElementById("lost-count").textContent = state.lost.length || "";
    lostList.replaceChildren(...state.lost.map((item) => {
      const box = make("figure", "pj-quote"), actions = make("div", "pj-actions");
      box.append(make("blockquote", "", item.text), ...item.evidence.map((evidence) => {
        const chip = make("div", "pj-chip"), dot = make("span", "pj-dot");
        dot.style.background = evidence.colour;
        chip.append(dot, make("span", "", `${evidence.pain} · ${evidence.coder}`));
        if (may) {
          const remove = make("button", "pj-remove", "×");
          remove.type = "button";
          remove.setAttribute("aria-label", root.dataset.remove);
          remove.addEventListener("click", () => house.untag(evidence.id));
          chip.append(remove);
        }
        return chip;
      }));
      if (may) {
        const put = make("button", "pj-link", root.dataset.place);
        put.type = "button";
        put.addEventListener("mousedown", (event) => event.preventDefault());  // the selection stays
        put.addEventListener("click", async () => {
          const now = text.selected();
          if (!now) { tell(root.dataset.select); return; }
          const answer = await send(root.dataset.placeUrl, { highlight: item.id, transcript: state.version, ...now });
          if (answer.error) tell(answer.error); else { house.close(); take(answer); }
        });
        actions.append(put);
        box.append(actions);
      }
      return box;
    }));
    const version = document.getElementById("version");
    if (version) version.textContent = fill(root.dataset.versionWord, { number: state.number });
  };
  document.addEventListener("pj:shown", showLost);
  showLost();

  // -- speakers --------------------------------------------------------------------------------
  const speakers = document.getElementById("speakers");
  if (speakers) {
    const names = () => [...new Set(text.rows.map((row) => row.querySelector(".pj-name").textContent))];
    const list = speakers.querySelector("div");
    speakers.closest("details").addEventListener("toggle", () => {
      list.replaceChildren(...names().map((name) => {
        const label = make("label", "pj-row pj-speaker"), input = make("input", "pj-input pj-narrow");
        input.value = name === "—" ? "" : name;
        input.dataset.name = name === "—" ? "" : name;
        input.maxLength = 80;
        label.append(make("span", "pj-grow", name), input);
        return label;
      }));
    });
    speakers.addEventListener("submit", async (event) => {
      event.preventDefault();
      const wanted = {};
      for (const input of list.querySelectorAll("input")) if (input.value.trim() !== input.dataset.name) wanted[input.dataset.name] = input.value;
      const answer = await send(root.dataset.speakersUrl, { version: state.version, names: wanted });
      const alert = speakers.querySelector("[role=alert]");
      alert.textContent = answer.error || "";
      alert.hidden = !answer.error;
      if (!answer.error) { take(answer); speakers.closest("details").open = false; }
    });
  }

  // -- who else is here ------------------------------------------------------------------------
  const here = document.getElementById("here");
  let mark = "";
  const pulse = async () => {
    const query = new URLSearchParams({ seen: state.version, mark, turn: current >= 0 ? current : "" });
    const told = document.hidden ? null : await fetch(`${root.dataset.pulseUrl}?${query}`).then((reply) => reply.json()).catch(() => null);
    if (told) {
      const names = told.here.map((one) => (one.turn === null ? one.name : fill(root.dataset.turn, { name: one.name, turn: one.turn + 1 })));
      here.hidden = !names.length;
      here.textContent = fill(root.dataset.here, { names: names.join(" · ") });
      if (told.version !== undefined && mark && !house.isOpen()) {
        if (told.version !== state.version && !(editing && told.changed && told.changed.some((one) => one.index === editing.number))) {
          tell(fill(root.dataset.others, { name: told.by, number: told.number }));
        }
        if (!editing) take(told);
        if (!editing) mark = told.mark;
      } else if (!mark) mark = told.mark;
    }
    setTimeout(pulse, 6000);
  };
  setTimeout(pulse, 400);

  // -- keyboard and mouse ----------------------------------------------------------------------
  const keys = document.getElementById("keys");
  document.getElementById("keys-open").addEventListener("click", () => keys.showModal());
  text.transcript.addEventListener("click", (event) => {
    const row = rowOf(event.target);
    if (!row || event.target.closest(".pj-correct, .pj-gutter")) return;
    go(text.rows.indexOf(row), false);
    if (document.getSelection().isCollapsed || event.target.closest(".pj-who")) playFrom(current);
  });
  const tagTurn = () => {
    const passage = text.selected() || (current >= 0 && { start: text.startOf(current), end: text.endOf(current), quote: text.said[current].textContent });
    if (!passage) return;
    house.open(passage);
    document.getElementById("tag-form").elements.title.focus();
  };
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "Escape" && house.isOpen()) { house.close(); text.transcript.focus({ preventScroll: true }); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const inText = text.transcript.contains(document.activeElement) || document.activeElement === document.body;
    if (key === "?") keys.showModal();
    else if (key === "t") tagTurn();
    else if (key === "u") house.takeBack();
    else if (key === "e") edit(text.selected() ? text.at(text.selected().start) : current);
    else if (key === "f" && follow) follow.checked = !follow.checked;
    else if (!inText) return;
    else if (key === "ArrowDown") { document.getSelection().removeAllRanges(); go(current + 1); }
    else if (key === "ArrowUp") { document.getSelection().removeAllRanges(); go(Math.max(0, current - 1)); }
    else if (key === "ArrowRight") step(1, event.shiftKey);
    else if (key === "ArrowLeft") step(-1, event.shiftKey);
    else if (key === "Enter" && current >= 0) playFrom(current);
    else if (key === " " && player) { if (player.paused) player.play().catch(() => {}); else player.pause(); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  if (/^#u\d+$/.test(location.hash)) go(Number(location.hash.slice(2)));
  window.addEventListener("hashchange", () => { if (/^#u\d+$/.test(location.hash)) go(Number(location.hash.slice(2))); });
})();
