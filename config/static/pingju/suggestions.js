/* Suggestions beside the transcript: one is current; A takes it, R rejects it, J and K move.
   Nothing is evidence before a person says so, and the server checks the words again. */
(() => {
  "use strict";
  const box = document.getElementById("suggestions");
  const data = document.getElementById("suggestions-data");
  if (!box || !data) return;
  const list = box.querySelector("[data-list]");
  const status = box.querySelector("[data-status]");
  const bar = box.querySelector(".pj-progress");
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  let suggestions = JSON.parse(data.textContent);
  let current = 0;
  let busy = false;

  const send = async (url, body) => {
    const answer = await fetch(url, body === undefined ? {} : {
      method: "POST", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    }).then((reply) => reply.json()).catch(() => ({ error: box.dataset.lost }));
    if (answer.error && !("state" in answer)) status.textContent = answer.error;
    return answer;
  };
  const make = (name, text, classes) => {
    const node = document.createElement(name);
    if (text) node.textContent = text;
    if (classes) node.className = classes;
    return node;
  };
  const point = (item) => document.dispatchEvent(new CustomEvent("pj:point", { detail: item }));

  const show = () => {
    current = Math.max(0, Math.min(current, suggestions.length - 1));
    box.querySelector("[data-count]").textContent = suggestions.length || "";
    list.replaceChildren(...suggestions.map((item, index) => {
      const card = make("div", "", "pj-suggestion");
      card.setAttribute("aria-current", String(index === current));
      const quote = make("blockquote", item.text);
      quote.addEventListener("click", () => { current = index; show(); point(item); });
      const chip = make("div", "", "pj-chip");
      const dot = make("span", "", "pj-dot");
      if (item.colour) dot.style.background = item.colour;
      chip.append(dot, make("strong", item.pain));
      if (item.new) chip.append(make("span", box.dataset.fresh, "pj-tag"));
      if (item.stance === "against") chip.append(make("span", item.stance_label, "pj-tag"));
      card.append(quote, chip);
      const why = item.why || (item.like ? `${box.dataset.like} “${item.like}”` : "");
      if (why) card.append(make("p", why, "pj-help"));
      card.append(make("p", item.chance, "pj-muted"));
      const actions = make("div", "", "pj-actions");
      const yes = make("button", box.dataset.yes, "pj-link"), no = make("button", box.dataset.no, "pj-link");
      yes.type = no.type = "button";
      yes.addEventListener("click", () => decide(item, true));
      no.addEventListener("click", () => decide(item, false));
      actions.append(yes, no);
      card.append(actions);
      return card;
    }));
  };

  const decide = async (item, accept) => {
    if (busy) return;
    busy = true;
    const answer = await send(box.dataset.decide.replace("/0/", `/${item.id}/`), { accept });
    busy = false;
    if (answer.error) return;
    suggestions = answer.suggestions;
    document.dispatchEvent(new CustomEvent("pj:highlights", { detail: answer.highlights }));
    show();
    if (suggestions[current]) point(suggestions[current]);
  };

  const follow = async (job) => {
    bar.hidden = false;
    const answer = await send(box.dataset.suggested.replace("/0/", `/${job}/`));
    if (!("state" in answer)) return;
    bar.firstElementChild.style.width = `${answer.total ? (100 * answer.done) / answer.total : 5}%`;
    suggestions = answer.suggestions;
    show();
    if (!answer.ended) { status.textContent = answer.label; setTimeout(() => follow(job), 700); return; }
    bar.hidden = true;
    status.textContent = answer.error || box.dataset.found.replace("{found}", answer.found).replace("{dropped}", answer.dropped);
  };

  box.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    const answer = await send(event.target.action, { way: fields.way.value, token: fields.token.value });
    fields.token.value = crypto.randomUUID ? crypto.randomUUID() : String(Date.now());
    if (answer.job) follow(answer.job);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !suggestions.length) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) return;
    const key = event.key.toLowerCase(), item = suggestions[current];
    if (key === "a") decide(item, true);
    else if (key === "r") decide(item, false);
    else if (key === "j" || key === "k") {
      current = (current + (key === "j" ? 1 : suggestions.length - 1)) % suggestions.length;
      show();
      point(suggestions[current]);
    } else return;
    event.preventDefault();
  });
  show();
  if (box.dataset.running) follow(box.dataset.running);
})();
