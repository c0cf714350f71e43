// Reading aloud and writing down what is said, where the browser can; where
// it can't, there is nothing to be seen of it.
const voice = (() => {
  const speech = window.speechSynthesis;
  let speaking = null;   // the button that can stop it
  let soon = 0;

  const vietnamese = () => speech?.getVoices().find((v) => /^vi\b/i.test(v.lang.replace("_", "-")));
  const look = () => { document.documentElement.dataset.voice = vietnamese() ? "yes" : "no"; };
  speech?.addEventListener?.("voiceschanged", look);
  addEventListener("load", look);   // asking for voices costs a slow phone time

  function stop() {
    speech?.cancel();
    speaking?.setAttribute("aria-pressed", "false");
    speaking = null;
  }

  function read(turn) {
    const button = turn.reply?.querySelector(".listen"), by = vietnamese();
    if (!button || !by) return;
    stop();
    speaking = button;
    button.setAttribute("aria-pressed", "true");
    // One piece after the other: browsers fall silent in the middle of long ones.
    const pieces = spoken(talk.text(turn)).match(/[^.!?\n]+[.!?]*/g)?.map((s) => s.trim()).filter(Boolean) || [];
    pieces.forEach((piece, i) => {
      const u = new SpeechSynthesisUtterance(piece);
      u.voice = by;
      u.lang = "vi-VN";
      u.rate = .95;
      if (i === pieces.length - 1) {
        u.onend = u.onerror = () => { if (speaking === button) stop(); };
      }
      speech.speak(u);
    });
  }

  const aloud = find("aloud");
  const setAloud = (on) => aloud.setAttribute("aria-checked", on);
  setAloud(kept.read("aloud", false));
  aloud.addEventListener("click", () => {
    const on = aloud.getAttribute("aria-checked") !== "true";
    setAloud(on);
    kept.write("aloud", on);
    if (!on) stop();
  });

  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  if (Recognition) microphone(new Recognition());

  // microphone writes what it hears into the text field; the person sends it.
  function microphone(recognition) {
    const button = find("mic"), field = find("text");
    let before = "", heard = false;
    button.hidden = false;
    recognition.lang = "vi-VN";
    recognition.interimResults = true;
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-pressed") === "true") {
        recognition.stop();
        return;
      }
      stop();
      before = field.value.trim();
      heard = false;
      try {
        recognition.start();
      } catch { return; /* it is just ending */ }
      button.setAttribute("aria-pressed", "true");
      tell("hearing");
    });
    recognition.onresult = (event) => {
      heard = true;
      const text = [...event.results].map((r) => r[0].transcript.trim()).join(" ");
      field.value = before ? before + " " + text : text;
      field.dispatchEvent(new Event("input"));
    };
    recognition.onend = recognition.onerror = () => {
      if (button.getAttribute("aria-pressed") !== "true") return;
      button.setAttribute("aria-pressed", "false");
      tell(heard ? "" : "unheard");
    };
  }

  return {
    stop,
    toggle: (turn) => turn.reply.querySelector(".listen") === speaking ? stop() : read(turn),
    // answered reads a new answer to somebody who wants all of them read.
    answered: (turn) => {
      if (aloud.getAttribute("aria-checked") !== "true") return;
      clearTimeout(soon);
      soon = setTimeout(() => read(turn), 200);   // its bubbles may come one by one
    },
  };
})();

// spoken writes a text as it is said: voices stumble over "4.000.000 đ",
// "22/11/2026" and "338/2025/NĐ-CP".
function spoken(text) {
  return text
    .replace(/https?:\/\/\S+/g, "")
    .replace(/(\d+)\/(\d{4})\/[A-ZĐ][A-ZĐ0-9-]*/g, "$1 năm $2")
    .replace(/(\d+)\/[A-ZĐ]{2}[A-ZĐ-]*/g, "số $1")
    .replace(/(ngày )?\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/g, (_, __, d, m, y) => `ngày ${+d} tháng ${+m} năm ${y}`)
    .replace(/(tháng )?\b(\d{1,2})\/(\d{4})\b/g, (_, __, m, y) => `tháng ${+m} năm ${y}`)
    .replace(/(\d),(\d)/g, "$1 phẩy $2")
    .replace(/(\d)\s*[–-]\s*(?=\d)/g, "$1 đến ")
    .replace(/\d{1,3}(?:\.\d{3})+/g, (n) => inWords(+n.replaceAll(".", "")))
    .replace(/\s*%/g, " phần trăm")
    .replace(/(\d|triệu|nghìn|tỷ)\s*đ(?![\p{L}])/gu, "$1 đồng")
    .replace(/(\d)\s*km(?![\p{L}])/gu, "$1 ki lô mét")
    .replace(/UBND/g, "Ủy ban nhân dân")
    .replace(/[“”"()[\]]/g, " ")
    .replace(/^\s*[•–-]\s*/gm, "")
    .replace(/\n+/g, ".\n")
    .replace(/[.:;,!?]+\.\n/g, ".\n")
    .replace(/[ \t]+/g, " ").trim();
}

// inWords gives 1388889 as "1 triệu 388 nghìn 889".
function inWords(n) {
  const parts = [];
  for (const [unit, name] of [[1e9, "tỷ"], [1e6, "triệu"], [1e3, "nghìn"]]) {
    if (n >= unit) parts.push(Math.floor(n / unit) + " " + name);
    n %= unit;
  }
  if (n) parts.push(n);
  return parts.join(" ");
}
