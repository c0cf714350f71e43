// What this device keeps: bubbles so that the page shows them before the line
// is there, messages that wait for it, and how the person likes the page. What
// was said is gone when the person has everything erased.
"use strict";

const kept = (() => {
  const inMemory = new Map();   // what the browser does not let be kept
  const read = (name, otherwise) => {
    try {
      return inMemory.get(name) ?? JSON.parse(localStorage.getItem("nghe." + name)) ?? otherwise;
    } catch {
      return otherwise;
    }
  };
  const write = (name, value) => {
    inMemory.delete(name);
    try {
      localStorage.setItem("nghe." + name, JSON.stringify(value));
    } catch {
      inMemory.set(name, value);         // full or forbidden
    }
  };

  const most = 30;                       // bubbles, as on the server
  const life = 6 * 24 * 60 * 60 * 1000;  // a day less than the server remembers a message, so that one sent again is never new
  const fresh = (at) => Date.now() - new Date(at).getTime() < life;

  return {
    read, write,
    bubbles: () => read("bubbles", []).filter((b) => fresh(b.at)),
    keepBubbles: (bubbles) => write("bubbles", bubbles.slice(-most)),
    outbox: () => read("outbox", []).filter((m) => fresh(m.at)),
    queue: (message) => write("outbox", [...read("outbox", []).filter((m) => fresh(m.at)), message]),
    unqueue: (id) => write("outbox", read("outbox", []).filter((m) => m.id !== id)),
    // erase forgets what was said before a bubble; other open pages hear it.
    erase: (before) => {
      write("bubbles", []);
      write("erased", before);
    },
  };
})();
