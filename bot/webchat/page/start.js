// What happens when, and how the page begins.
(() => {
  const text = find("text"), composer = find("composer"), more = find("more"), root = document.documentElement;

  function grow() {
    text.style.height = "auto";
    text.style.height = text.scrollHeight + 4 + "px";
    try {
      sessionStorage.setItem("nghe.draft", text.value);   // a reload loses nothing
    } catch { /* then it does */ }
  }
  function write(value) {
    text.value = value;
    grow();
  }
  function size(n) {
    root.dataset.size = n;
    if (text.value || n !== "1") grow();
    for (const b of document.querySelectorAll("[data-size][aria-pressed]")) b.setAttribute("aria-pressed", b.dataset.size === String(n));
  }

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    const message = text.value.trim();
    if (!message) {
      text.focus();
      return;
    }
    write("");
    line.say(message);
    text.focus({ preventScroll: true });
  });
  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      composer.requestSubmit();
    }
  });

  const does = {
    "[data-tap]": (b) => { more.open = false; line.say(b.dataset.label, b.dataset.tap); },
    "[data-say]": (b) => line.say(b.dataset.say),
    ".listen": (b) => voice.toggle(talk.of(b)),
    ".share": (b) => pass({ text: talk.text(talk.of(b)), url: location.origin + "/" }),
    ".again": (b) => clip.again(talk.of(b)) || line.wake(),
    ".edit": (b) => {
      const turn = talk.of(b);
      write(turn.person.querySelector("p").textContent);
      talk.remove(turn);
      talk.settle();
      text.focus();
    },
    "button[data-size]": (b) => { size(b.dataset.size); kept.write("size", b.dataset.size); },
  };
  document.addEventListener("click", (event) => {
    for (const [what, act] of Object.entries(does)) {
      const button = event.target.closest(what);
      if (button) return act(button);
    }
    if (!more.contains(event.target)) more.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    voice.stop();
    if (more.open) {
      more.open = false;
      more.querySelector("summary").focus();
    }
  });

  addEventListener("online", line.wake);
  addEventListener("offline", line.lost);
  addEventListener("pageshow", (event) => { if (event.persisted) line.wake(); });
  addEventListener("pagehide", voice.stop);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) line.wake(); });
  addEventListener("storage", (event) => {
    if (event.key !== "nghe.erased") return;
    talk.forget(kept.read("erased", 0), true);
    talk.settle();
  });

  let offer = null;   // of the browser to put the page on the phone's screen
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    find("install").hidden = false;
  });
  find("install").addEventListener("click", () => {
    find("install").hidden = true;
    offer.prompt();
  });

  history.scrollRestoration = "manual";
  size(kept.read("size", "1"));
  kept.bubbles().forEach(talk.put);
  for (const m of kept.outbox()) talk.mark(talk.turn("web:" + m.id) || talk.begin("web:" + m.id, m.text), "waiting");
  talk.settle();
  let draft = null;
  try {
    draft = sessionStorage.getItem("nghe.draft");
  } catch { /* nothing was kept */ }
  if (draft) write(draft);   // measuring costs a slow phone time: only when there is something

  // A link to a trade or a class takes its offer once: the address is plain
  // again before anything is sent. What was typed before this script was there
  // comes as ?hoi=.
  const { startTap, startLabel } = document.body.dataset;
  const asked = new URLSearchParams(location.search).get("hoi");
  const linked = /^\/(nghe|lop|khao-sat)\//.test(location.pathname);
  if (startTap || asked !== null) history.replaceState(null, "", "/");
  if (asked) write(asked);
  if (startTap) line.say(startLabel, startTap);
  else if (linked) addEventListener("online", () => location.reload());   // the shell without a line doesn't know it
  line.listen();

  if ("serviceWorker" in navigator) {
    addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => { /* the next visit tries again */ }));
  }
  document.body.dataset.ready = "yes";
  performance.mark("usable");
})();
