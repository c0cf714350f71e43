// The talk on the page: turns in order, each with what the person said and
// what was answered. A bubble that comes twice (as an answer, as an event, from
// this device) is shown once; what was erased is gone.
const talk = (() => {
  const log = find("log"), choices = find("choices"), typing = find("typing");
  const turns = new Map();   // by id
  let restoring = true;      // nothing is read aloud or scrolled to that was there before

  function begin(id, text) {
    const turn = { id, seen: new Map(), seq: Infinity, last: 0, state: "done", node: element("div", "turn") };
    turns.set(id, turn);
    if (text !== undefined) person(turn, text);
    log.append(turn.node);
    document.body.dataset.talk = "yes";
    return turn;
  }

  function person(turn, text) {
    turn.person = copyOf("person");
    turn.person.querySelector("p").textContent = text;
    turn.person.tabIndex = -1;
    turn.node.prepend(turn.person);
  }

  // place keeps the turns in the order in which they were answered.
  function place(turn, seq) {
    turn.last = Math.max(turn.last, seq);
    if (seq >= turn.seq) return;
    turn.seq = seq;
    const after = [...turns.values()].filter((t) => t.seq > seq && t !== turn && t.node.isConnected)
      .sort((a, b) => a.seq - b.seq)[0];
    if (after && (after.node.compareDocumentPosition(turn.node) & Node.DOCUMENT_POSITION_FOLLOWING)) {
      after.node.before(turn.node);
    }
  }

  // put shows a bubble, and says whether it was new.
  function put(said) {
    const turn = turns.get(said.turn) || begin(said.turn);
    if (turn.seen.has(said.seq)) return false;
    turn.seen.set(said.seq, said);
    place(turn, said.seq);
    mark(turn, "done");
    if (said.from === "person") {
      if (!turn.person) person(turn, said.text);
      if (said.media) turn.person.querySelector("p").replaceChildren(said.media.ref ? attached(said.media) : said.text);
      return true;
    }
    if (!turn.reply) {
      turn.reply = copyOf("reply");
      const who = turn.reply.querySelector(".quiet");
      if (said.by) who.textContent = said.by + " – " + who.dataset.counsellor;
      turn.node.append(turn.reply);
    }
    turn.reply.querySelector(".tools").before(...botBubble(said));
    return true;
  }

  function mark(turn, state, reason = "") {
    turn.state = state;
    if (!turn.person) return;
    turn.person.dataset.state = state;
    turn.person.querySelector(".reason").textContent = reason;
  }

  const bubbles = () => [...turns.values()].flatMap((t) => [...t.seen.values()]).sort((a, b) => a.seq - b.seq);

  // settle shows what can be tapped now and what is under way, and keeps it
  // all. When something came, that is scrolled to; else nobody is disturbed.
  function settle(came = false) {
    const states = [...turns.values()].map((t) => t.state);
    const last = bubbles().at(-1), cards = last?.show?.cards?.length || 0;
    const open = last && last.from !== "person" && !states.some((s) => ["sending", "waiting", "next"].includes(s));
    // What a counsellor leaves to be tapped (how it was) stays beside the
    // question that comes back after it.
    const left = open && last.from === "bot" ? [...turns.get(last.turn).seen.values()].filter((b) => b.from === "counsellor").flatMap((b) => b.options || []) : [];
    offer((open && last.options || []).slice(cards), cards, left);
    typing.hidden = !states.includes("sending");
    document.body.dataset.talk = turns.size ? "yes" : "no";
    kept.keepBubbles(bubbles());
    if (came && !restoring) scroll();
  }

  // offer shows options as chips. Those that stand there already stay: a
  // finger may be on one of them, or the keyboard's focus.
  let offered = "";
  function offer(options, cards, left) {
    const now = JSON.stringify([options, cards, left]);
    if (now === offered) return;
    offered = now;
    choices.replaceChildren(...left.map((o) => chipOf(o)), ...options.map((o, i) => chipOf(o, cards + i + 1)));
  }

  // chipOf makes a chip; its number can be typed, when it has one.
  function chipOf(o, n) {
    const chip = element("button", "chip");
    chip.type = "button";
    chip.dataset.tap = o.tap || "";
    chip.dataset.label = o.label;
    if (n) {
      const number = element("span", "number", String(n));
      number.setAttribute("aria-hidden", "true");
      chip.append(number);
    }
    chip.append(element("span", "", o.label));
    return chip;
  }

  // scroll shows what was said last. When the answer is longer than the
  // screen, it is shown from its beginning: from what the person said.
  function scroll() {
    const node = log.lastElementChild;
    if (!node) return;
    const under = document.querySelector("header").getBoundingClientRect();
    const top = scrollY + node.getBoundingClientRect().top - Math.max(0, under.bottom) - 12;
    window.scrollTo(0, Math.min(top, document.documentElement.scrollHeight - innerHeight));
  }

  log.addEventListener("load", (event) => {   // a picture has taken its room
    if (log.lastElementChild.contains(event.target)) scroll();
  }, true);

  function remove(turn) {
    turn.node.remove();
    turns.delete(turn.id);
  }

  return {
    begin, put, mark, settle, remove,
    turn: (id) => turns.get(id),
    text: (turn) => [...turn.seen.values()].filter((b) => b.from === "bot").sort((a, b) => a.seq - b.seq).map((b) => b.text).join("\n"),
    of: (node) => [...turns.values()].find((t) => t.node.contains(node)),
    restored: () => {
      if (!restoring) return;
      restoring = false;
      log.setAttribute("aria-live", "polite");   // what was there before is not announced
      scroll();
    },
    isRestoring: () => restoring,
    // forget drops what was answered before a bubble, and where all was erased what
    // was not taken either; waiting messages stay.
    forget: (before, erased = false) => {
      for (const turn of [...turns.values()]) {
        if ((turn.state === "done" || erased && ["refused", "unfit", "unsent"].includes(turn.state)) && turn.last < before) remove(turn);
      }
    },
  };
})();
