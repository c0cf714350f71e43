// Keeps the pages of cases up to date. Without it they work by being opened
// again.
"use strict";
{
  const $ = id => document.getElementById(id);
  const list = $("cases"), talk = $("talk"), hand = $("hand"), news = $("news"), text = $("text");
  const here = hand?.dataset.case;
  const title = document.title;
  let unseen = 0;

  const name = () => {
    const n = unseen || Number(list?.querySelector("[data-waiting]")?.dataset.waiting || 0);
    document.title = n ? `(${n}) ${title}` : title;
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { unseen = 0; name(); } });

  // What happened, to be read and heard: at most three lines, each for a while.
  const say = (words, path) => {
    const line = document.createElement(path ? "a" : "p");
    line.className = "note";
    line.textContent = words;
    if (path) line.href = path;
    news.append(line);
    while (news.children.length > 3) news.firstChild.remove();
    setTimeout(() => line.remove(), 15000);
  };

  // Two soft tones, made here; not before somebody has touched the page.
  let audio;
  const muted = () => localStorage.getItem("nghe-sound") == "off";
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => { audio ||= new AudioContext(); audio.resume(); }, { once: true });
  const ring = () => {
    document.body.dataset.rang = Number(document.body.dataset.rang || 0) + (muted() ? 0 : 1);
    if (muted() || !audio) return;
    [[0, 660], [.18, 880]].forEach(([after, pitch]) => {
      const tone = audio.createOscillator(), loud = audio.createGain(), at = audio.currentTime + after;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(.0001, at);
      loud.gain.exponentialRampToValueAtTime(.2, at + .02);
      loud.gain.exponentialRampToValueAtTime(.0001, at + .35);
      tone.connect(loud).connect(audio.destination);
      tone.start(at);
      tone.stop(at + .4);
    });
  };
  const sound = $("sound");
  const soundSays = () => { sound.textContent = muted() ? "Bật tiếng báo" : "Tắt tiếng báo"; sound.setAttribute("aria-pressed", String(!muted())); };
  if (sound) {
    soundSays();
    sound.addEventListener("click", () => { localStorage.setItem("nghe-sound", muted() ? "on" : "off"); soundSays(); ring(); });
  }

  // A part of a page, or nothing when the line is bad; who was signed out goes
  // to the door.
  const fetched = async path => {
    const answer = await fetch(path).catch(() => null);
    if (answer?.redirected) location.reload();
    return answer?.ok && !answer.redirected ? answer.text() : null;
  };

  // A part is shown anew only where it is another: what somebody is about to
  // press stays where it is, and a screen reader says nothing twice.
  const put = (part, html) => {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    if (fresh.innerHTML == part.innerHTML) return;
    part.replaceChildren(fresh.content);
  };

  // One look at a time, and one more if something happened meanwhile.
  const once = look => {
    let going = false, again = false;
    return async () => {
      if (going) { again = true; return; }
      going = true;
      do { again = false; await look(); } while (again);
      going = false;
    };
  };

  const lookList = once(async () => {
    const html = await fetched(list.dataset.part);
    if (html === null) return;
    const at = document.activeElement?.dataset?.case;
    put(list, html);
    if (at && document.activeElement?.dataset?.case != at) list.querySelector(`[data-case="${CSS.escape(at)}"]`)?.focus();
    name();
  });

  // From the first word whose outcome may still change, or whose file is coming.
  const lookTalk = once(async () => {
    const open = [...talk.children].find(e => e.dataset.state == "queued" || e.dataset.state == "doubtful" || "coming" in e.dataset);
    const after = open ? Number(open.dataset.n) - 1 : Number(talk.lastElementChild?.dataset.n || 0);
    const html = await fetched(`/console/cases/${here}/talk?after=${after}`);
    if (html === null) return;
    const low = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
    for (const fresh of new DOMParser().parseFromString(html, "text/html").querySelectorAll(".said")) {
      const old = $(fresh.id);
      if (!old) talk.append(fresh);
      else if (old.dataset.state != fresh.dataset.state || ("coming" in old.dataset) != ("coming" in fresh.dataset)) old.replaceWith(fresh);
    }
    if (low) talk.scrollTop = talk.scrollHeight;
  });

  // Whose it is decides what can be done: then the page is shown anew, with what
  // was being written.
  // Not while a form is on its way: what it leads to says what was done, and a
  // page that is shown anew meanwhile would take its place.
  let leaving = false;
  for (const form of document.querySelectorAll("main form[method=post]:not([data-alone])")) form.addEventListener("submit", () => { leaving = true; setTimeout(() => { leaving = false; }, 15000); });
  addEventListener("pageshow", () => { leaving = false; });
  const drafts = () => [...document.querySelectorAll("textarea")].map(e => [e.id, e.value]);
  const lookHand = once(async () => {
    const html = await fetched(`/console/cases/${here}?part=hand`);
    if (html === null || leaving) return;
    const was = hand.firstElementChild.dataset.hand;
    const part = new DOMParser().parseFromString(html, "text/html").body;
    const fresh = part.querySelector("[data-hand]").dataset.hand;
    if (fresh != was) {
      sessionStorage.setItem("nghe-draft " + here, JSON.stringify({ texts: drafts(), at: document.activeElement?.id }));
      location.replace(`/console/cases/${here}`);
      return;
    }
    put(hand, html);
  });
  const kept = here && sessionStorage.getItem("nghe-draft " + here);
  if (kept) {
    sessionStorage.removeItem("nghe-draft " + here);
    const { texts, at } = JSON.parse(kept);
    for (const [id, value] of texts) if ($(id) && !$(id).value) $(id).value = value;
    $(at)?.focus();
  }

  const look = () => {
    if (list) lookList();
    if (talk) { lookTalk(); lookHand(); }
  };
  // Who reads the end goes on reading it when a picture takes its room.
  if (talk) {
    let low = true;
    talk.scrollTop = talk.scrollHeight;
    talk.addEventListener("scroll", () => { low = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80; });
    talk.addEventListener("load", () => { if (low) talk.scrollTop = talk.scrollHeight; }, true);
  }
  name();
  setInterval(() => { if (!document.hidden) look(); }, 60000);

  const words = n => {
    const title = `Ca #${n.number}`;
    if (n.named) return `${title}: có ghi chú nhắc anh/chị`;
    if (n.did == "offered") return n.asked ? `${title} đang chờ, mời anh/chị nhận` : "";
    if (n.did == "opened") return n.urgent ? `${title}: ca mới, gấp` : `${title}: ca mới`;
    if (n.did == "transferred" && n.mine) return `${title} vừa được chuyển cho anh/chị`;
    if (n.person && n.mine) return `${title}: người dân vừa nhắn`;
    if (n.did == "changed" && n.urgent && n.mine) return `${title} vừa thành gấp`;
    return "";
  };

  const hear = ({ kind, data: n }) => {
    document.body.dataset.live = "yes";
    if (kind == "ended") return location.reload();
    if (kind == "fresh") return look();
    if (list) lookList();
    if (n.id == here) {
      lookTalk();
      if (n.did != "sent" && (n.did != "said" || hand.firstElementChild.dataset.hand == "nobody")) lookHand();
    }
    const line = words(n);
    if (!line) return;
    if (n.id != here || document.hidden) {
      if (n.id != here) say(line, `/console/cases/${n.id}`);
      ring();
      if (document.hidden) unseen++;
      name();
    }
  };

  // All tabs of a browser share one stream: it has but few connections. Who has
  // it passes on what comes; when that tab goes, the next one takes over.
  const others = new BroadcastChannel("nghe-cases");
  others.onmessage = event => hear(event.data);
  const listen = () => {
    const stream = new EventSource("/console/cases/events");
    const tell = kind => event => { const data = { kind, data: JSON.parse(event.data) }; others.postMessage(data); hear(data); };
    for (const kind of ["fresh", "case", "ended"]) stream.addEventListener(kind, tell(kind));
    addEventListener("pagehide", () => stream.close());
  };
  if (navigator.locks) navigator.locks.request("nghe-cases", () => { listen(); return new Promise(() => {}); });
  else listen();

  // Forms that leave the page as it is.
  for (const form of document.querySelectorAll("form[data-alone]")) form.addEventListener("submit", async event => {
    event.preventDefault();
    const button = form.querySelector("button"), wrong = form.querySelector("[role=alert]"), area = form.querySelector("textarea");
    if (button.disabled) return;
    const data = new FormData(form), file = data.get("file"), most = 10 << 20;
    if (file?.size > most) { // a server that must refuse it cuts the line
      wrong.textContent = "Tệp lớn quá 10 MB. Anh/chị gửi tệp nhỏ hơn.";
      wrong.hidden = false;
      return;
    }
    button.disabled = true;
    wrong.hidden = true;
    const answer = await fetch(form.action, { method: "POST", headers: { "X-Part": "yes" }, body: file ? data : new URLSearchParams(data) }).catch(() => null);
    button.disabled = false;
    if (answer?.redirected) { location.reload(); return; }
    if (answer?.status != 204) {
      wrong.textContent = answer?.status == 422 ? await answer.text() : "Mạng đang yếu, chưa gửi được. Chữ vẫn còn đây, anh/chị bấm lại.";
      wrong.hidden = false;
      if (answer?.status == 422) lookHand();
      return;
    }
    form.reset();
    if (area) area.value = "";
    // A new word is another thing to do.
    form.elements.key.value = Array.from(crypto.getRandomValues(new Uint8Array(12)), b => b.toString(16).padStart(2, "0")).join("");
    area?.focus();
    talk.scrollTop = talk.scrollHeight;
    lookTalk();
    lookHand();
  });

  // What is attached goes where the caret is.
  document.addEventListener("click", event => {
    const piece = event.target.closest("[data-text]");
    if (!piece || !text) return;
    event.preventDefault();
    text.setRangeText(piece.dataset.text, text.selectionStart, text.selectionEnd, "end");
    text.focus();
  });

  const keys = $("keys"), keysOn = $("keys-on");
  keysOn.checked = localStorage.getItem("nghe-keys") != "off";
  keysOn.addEventListener("change", () => localStorage.setItem("nghe-keys", keysOn.checked ? "on" : "off"));
  $("help")?.addEventListener("click", () => keys.showModal());
  const move = by => {
    const rows = [...document.querySelectorAll("a.row[data-case]")];
    const at = rows.indexOf(document.activeElement);
    rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
  };
  const take = () => {
    const id = document.activeElement?.dataset?.case;
    if (here) return $("take")?.requestSubmit();
    if (!id) return;
    const form = document.createElement("form");
    form.method = "post";
    form.action = `/console/cases/${id}/claim`;
    document.body.append(form);
    form.submit();
  };
  document.addEventListener("keydown", event => {
    if (event.target == text && event.key == "Enter" && (event.ctrlKey || event.metaKey)) return $("reply").requestSubmit();
    if (!keysOn.checked || keys.open || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const act = { j: () => move(1), k: () => move(-1), n: take, r: () => text?.focus(), "?": () => keys.showModal() }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
}
