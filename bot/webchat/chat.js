// The page's own script: shows what is said, sends what is typed or tapped.
// Texts go into the document as text only, never as markup. A message keeps
// its id until it was taken, so sending it again is harmless; a bubble that
// comes twice (as an answer and as an event) is shown once.
"use strict";

const find = (id) => document.getElementById(id);
const view = document.querySelector("main");
const log = find("log"), choices = find("choices"), typing = find("typing");
const welcome = find("welcome"), text = find("text"), composer = find("composer");
const words = document.body.dataset;

const shown = new Set();   // "turn/seq" of bubbles on the page
const sent = new Map();    // turn -> the item of a message of this page
let waiting = 0;

function element(name, className, content) {
  const e = document.createElement(name);
  if (className) e.className = className;
  if (content !== undefined) e.textContent = content;
  return e;
}

// paragraph puts a text into the page. The line on where it comes from is
// small; the one address we ever name, one's own data, can be opened.
function paragraph(said) {
  const p = element("p");
  let body = said.text, source = "";
  const at = said.text.lastIndexOf("\n");
  if (said.sources && said.sources.length > 0 && at >= 0) {
    body = said.text.slice(0, at);
    source = said.text.slice(at + 1);
  }
  const link = body.match(/https?:\/\/\S+\/chat\/data\b/);
  if (said.from === "bot" && link) {
    const a = element("a", "", link[0]);
    a.href = "/chat/data";
    a.setAttribute("download", "");
    p.append(body.slice(0, link.index), a, body.slice(link.index + link[0].length));
  } else {
    p.textContent = body;
  }
  if (source) p.append(element("span", "source", source));
  return p;
}

function show(said) {
  if (said.seq) {
    const key = said.turn + "/" + said.seq;
    if (shown.has(key)) return;
    shown.add(key);
  }
  if (said.from === "person") {
    const mine = sent.get(said.turn);
    if (mine) { taken(mine); return; }
    offer([]);
  }
  const item = element("li", "said " + said.from);
  item.append(paragraph(said));
  log.append(item);
  if (said.from === "bot") offer(said.options || []);
  down();
}

// offer shows what can be tapped now; the number can be typed as well.
function offer(options) {
  choices.replaceChildren(...options.map((o, i) => {
    const chip = element("button", "chip");
    chip.type = "button";
    chip.dataset.tap = o.tap || "";
    chip.dataset.label = o.label;
    const number = element("span", "number", String(i + 1));
    number.setAttribute("aria-hidden", "true");
    chip.append(number, element("span", "", o.label));
    return chip;
  }));
}

// down shows what was said last. When the answer is longer than the screen, it
// is shown from its beginning: from what the person said themself.
function down() {
  const mine = [...log.querySelectorAll(".person")].pop();
  const start = mine ? mine.offsetTop - view.offsetTop - 12 : Infinity;
  view.scrollTop = Math.min(view.scrollHeight, start);
}

function taken(mine) {
  mine.item.classList.remove("waiting", "failed");
  mine.item.querySelector(".why")?.remove();
}

function busy(change) {
  waiting += change;
  typing.hidden = waiting === 0;
  down();
}

function newID() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

function say(message, tap) {
  const mine = { id: newID(), text: message, tap: tap || "" };
  mine.item = element("li", "said person waiting");
  mine.item.append(paragraph({ from: "person", text: message }));
  sent.set("web:" + mine.id, mine);
  log.append(mine.item);
  offer([]);
  deliver(mine);
}

async function deliver(mine) {
  taken(mine);
  mine.item.classList.add("waiting");
  busy(+1);
  let answer = null, ok = false;
  try {
    const response = await fetch("/chat/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id: mine.id, text: mine.text, tap: mine.tap }),
    });
    answer = await response.json();
    ok = response.ok;
  } catch { /* no connection: told below */ }
  busy(-1);
  if (ok) {
    taken(mine);
    if (answer.erased) {
      log.replaceChildren(mine.item);
    }
    answer.bubbles.forEach(show);
    return;
  }
  failed(mine, answer && answer.bubbles ? answer.bubbles[0].text : words.failed);
}

function failed(mine, reason) {
  taken(mine);
  mine.item.classList.add("failed");
  const why = element("div", "why");
  const again = element("button", "", words.retry);
  again.type = "button";
  again.addEventListener("click", () => deliver(mine));
  why.append(element("span", "", reason), again);
  mine.item.append(why);
  down();
}

function grow() {
  text.style.height = "auto";
  text.style.height = text.scrollHeight + 4 + "px";
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const message = text.value.trim();
  if (!message) return;
  text.value = "";
  grow();
  say(message);
  text.focus();
});
text.addEventListener("input", grow);
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tap]");
  if (button) say(button.dataset.label, button.dataset.tap);
});

const events = new EventSource("/chat/events");
events.addEventListener("bubble", (event) => show(JSON.parse(event.data)));
document.body.dataset.ready = "yes";
