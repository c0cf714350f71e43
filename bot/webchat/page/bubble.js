// How one bubble looks. Texts go into the document as text only, never as
// markup.

// rich gives the paragraphs of a text: lines that begin with a dot or a
// number hang, sums stand out, numbers of decrees stay whole, one's own data can
// be opened.
function rich(text) {
  const out = [];
  for (const line of text.split("\n")) {
    const [, mark, rest] = line.match(/^(•|–|-|\d{1,2}\.)\s+(.*)$/) || [null, "", line];
    out.push(mark
      ? element("p", "item", element("span", "dot", mark), element("span", "", ...inline(rest)))
      : element("p", "", ...inline(rest)));
  }
  return out;
}

const telling = /(https?:\/\/\S+\/chat\/data\b|\d+\/(?:\d{4}\/)?\p{Lu}[\p{Lu}\d-]+|\d[\d.,]*\s?(?:(?:nghìn|triệu|tỷ)(?: đồng)?|đồng|đ)(?!\p{L}))/u;

function inline(text) {
  return text.split(telling).filter(Boolean).map((part) => {
    if (/^https?:\/\//.test(part)) {
      const a = element("a", "", part);
      a.href = "/chat/data";
      a.setAttribute("download", "");
      return a;
    }
    if (!telling.test(part)) return part;
    return part.includes("/") ? element("span", "nowrap", part) : element("b", "", part);
  });
}

// botBubble shows a bubble of the bot: its text, its source in small, and
// what can be seen beside it.
function botBubble(said) {
  const show = said.show || {}, cards = show.cards || [];
  let body = cards.length ? said.lead : said.text, source = "";
  const at = body.lastIndexOf("\n");
  if (said.sources?.length && at >= 0) {
    [body, source] = [body.slice(0, at), body.slice(at + 1)];
  }
  const bubble = element("div", "said bot");
  if (show.chart) {
    // The picture has the lines in the middle, and they can still be read.
    const lines = body.split("\n");
    const middle = lines.length > 4 ? lines.splice(1, lines.length - 2) : [];
    bubble.append(...rich(lines[0]), chart(show.chart));
    if (middle.length) {
      const fold = copyOf("fold");
      fold.append(...rich(middle.join("\n")));
      bubble.append(fold);
    }
    bubble.append(...lines.slice(1).flatMap(rich));
  } else {
    bubble.append(...rich(body));
  }
  if (source) bubble.append(element("p", "source", source));
  if (said.media?.file) bubble.append(attached(said.media));
  if (!cards.length) return [bubble];
  const list = element("ol", "cards");
  list.append(...cards.map((c, i) => card(c, i, (said.options || [])[i])));
  return [bubble, list];
}

// attached shows a picture, a voice or a file that somebody sent; only this
// browser may open it. What a counsellor sent has a name of the server, one's own
// that of this page.
function attached(media) {
  const a = element("a", "file"), path = "/chat/files/" + encodeURIComponent(media.file || media.ref);
  if (media.kind === "voice") {
    const player = element("audio", "file");
    player.controls = true;
    player.preload = "none";
    player.src = path;
    player.setAttribute("aria-label", media.name);
    return player;
  }
  a.href = path;
  a.target = "_blank";
  if (media.kind === "photo") {
    const img = element("img");
    img.src = path;
    img.alt = media.name;
    img.loading = "lazy";
    a.append(img);
  } else {
    a.append(media.name);
  }
  return a;
}

// card shows one of several things to choose among; its button is its option.
function card(c, i, option) {
  const li = copyOf("card");
  li.querySelector(".number").textContent = i + 1;
  li.querySelector(".title").textContent = c.title;
  li.querySelector(".body").append(...rich(c.text));
  const pick = li.querySelector(".pick"), share = li.querySelector(".share-card");
  if (!option) {
    li.querySelector(".acts").remove();
    return li;
  }
  pick.dataset.tap = option.tap || "";
  pick.dataset.label = option.label;
  pick.setAttribute("aria-label", pick.textContent + ": " + c.title);
  const link = linkTo(option.tap || "");
  if (link) {
    share.setAttribute("aria-label", share.textContent.trim() + ": " + c.title);
    share.addEventListener("click", () => pass({ title: c.title, text: c.title + "\n" + c.text, url: link }));
  } else {
    share.remove();
  }
  return li;
}

// linkTo gives the address that opens the page with an offer, "" for one that
// nobody else can take. The server has the same two in page_show.go.
function linkTo(tap) {
  const [, what, id] = tap.match(/^flow:(trade|course)\?\1=(.+)$/) || [];
  return what ? location.origin + (what === "trade" ? "/nghe/" : "/lop/") + encodeURIComponent(id) : "";
}

// pass gives something on to somebody else, or to the clipboard.
async function pass(what) {
  if (navigator.share) {
    await navigator.share(what).catch(() => { /* changed their mind */ });
    return;
  }
  const text = [what.text, what.url].filter(Boolean).join("\n");
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = element("textarea", "quiet");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  tell("copied");
  setTimeout(tell, 3000);
}
document.documentElement.dataset.pass = navigator.share ? "share" : "copy";
