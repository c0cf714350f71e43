// The line to the server. Messages wait in the outbox of this device and are
// sent one after the other; each keeps its id until it was taken, so that
// sending it again is harmless. Events bring what was said, here and elsewhere.
const line = (() => {
  const patience = 25000;   // ms for an answer; the server gives up a turn after 15 s
  let sending = false, tries = 0, again = 0;
  let stream = null, breaks = 0, reopen = 0, lastEvent = 0;

  // pause grows from 1 to 30 s, and is a little different on every phone, so
  // that they don't all come back at once.
  const pause = (n) => Math.min(30000, 1000 * 2 ** Math.min(n, 6)) * (.75 + Math.random() / 2);

  function say(text, tap = "") {
    const id = newId();
    kept.queue({ id, text, tap, at: new Date().toISOString() });
    talk.restored();
    talk.begin("web:" + id, text);
    send();
    talk.turn("web:" + id)?.person.focus({ preventScroll: true });
  }

  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(again);
    for (let message; (message = kept.outbox()[0]);) {
      const turn = talk.turn("web:" + message.id) || talk.begin("web:" + message.id, message.text);
      for (const other of kept.outbox()) {
        const t = talk.turn("web:" + other.id);
        if (t) talk.mark(t, t === turn ? "sending" : lineDown ? "waiting" : "next");
      }
      talk.settle(true);
      const { status, answer } = await post(message);
      const taken = status === 200, refused = status >= 400 && status < 500 && status !== 429 && status !== 408;
      if (taken) {
        tries = 0;
        if (answer.erased) {
          const first = answer.bubbles[0].seq;
          kept.erase(first);
          talk.forget(first, true);
        }
        kept.unqueue(message.id);
        const heard = answer.bubbles.filter(talk.put).length;
        talk.mark(turn, "done");
        talk.settle(heard > 0);
        up(true);
        if (heard) voice.answered(turn);
      } else if (refused) {
        kept.unqueue(message.id);
        talk.mark(turn, "refused", answer?.bubbles?.[0]?.text);
        talk.settle(true);
      } else {
        if (turn.state !== "done") talk.mark(turn, "waiting", answer?.bubbles?.[0]?.text);
        if (!status) up(false);
        talk.settle(true);
        again = setTimeout(send, pause(tries++));
        break;
      }
    }
    sending = false;
    for (const m of kept.outbox()) {
      const t = talk.turn("web:" + m.id);
      if (t?.state === "next") talk.mark(t, "waiting");
    }
    talk.settle();
  }

  // post gives the status and the answer; status 0 says that the line is down.
  async function post({ id, text, tap }) {
    const stop = new AbortController(), limit = setTimeout(() => stop.abort(), patience);
    try {
      const response = await fetch("/chat/messages", {
        method: "POST", signal: stop.signal,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ id, text, tap }),
      });
      return { status: response.status, answer: await response.json().catch(() => null) };
    } catch {
      return { status: 0 };
    } finally {
      clearTimeout(limit);
    }
  }

  function up(now) {
    if (lineDown === !now) return;
    lineDown = !now;
    tell();
  }

  function listen() {
    clearTimeout(reopen);
    stream?.close();
    stream = new EventSource("/chat/events?after=" + lastEvent);
    // What the server still has. Anything older was erased or has lapsed;
    // but where it keeps no more than the last few, the page may show more.
    stream.addEventListener("kept", (event) => {
      breaks = 0;
      up(true);
      const { first, last, full } = JSON.parse(event.data);
      if (!full || talk.isRestoring()) talk.forget(first || Infinity);
      if (last < lastEvent) lastEvent = 0;
      talk.settle();
    });
    stream.addEventListener("bubble", (event) => {
      const said = JSON.parse(event.data);
      lastEvent = said.seq;
      kept.unqueue(said.turn.replace(/^web:/, ""));
      const fresh = talk.put(said);
      talk.settle(fresh);
      if (fresh && said.from === "bot" && !talk.isRestoring()) voice.answered(talk.turn(said.turn));
    });
    stream.addEventListener("human", (event) => clip.offer(event.data === "true"));
    stream.addEventListener("shown", () => {
      talk.restored();
      tries = 0;
      send();
    });
    stream.addEventListener("error", () => {
      stream.close();
      if (breaks++ > 0 || !navigator.onLine) up(false);
      reopen = setTimeout(listen, pause(breaks));
    });
  }

  function wake() {
    if (stream?.readyState !== EventSource.OPEN) listen();
    tries = 0;
    send();
  }

  return { say, send, listen, wake, lost: () => up(false) };
})();
