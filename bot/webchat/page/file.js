// Handing over a picture, a voice or a file, while there is somebody to look at
// it. A file waits for no line: it is too large to be kept on the device, so the
// person is told and sends it again, with the same id, as long as the page is
// open.
const clip = (() => {
  const button = find("clip"), field = find("file");
  const patience = 200000;   // ms; the server gives up a file after 3 minutes
  const longSide = 2200;     // px: a sheet of paper can still be read

  button.addEventListener("click", () => field.click());
  field.addEventListener("change", () => {
    const file = field.files[0];
    field.value = "";        // the same one can be chosen again
    if (file) give(file);
  });

  async function give(file) {
    const turn = talk.begin("web:" + newId(), file.name);
    turn.file = file;
    talk.restored();
    talk.settle(true);
    turn.file = await lighter(file);
    send(turn);
  }

  async function send(turn) {
    talk.mark(turn, "upload");
    if (turn.file.size > field.dataset.most) return fail(turn, field.dataset.large);
    const bar = copyOf("upload");
    turn.person.append(bar);
    const { status, answer } = await post(turn, (part) => { bar.value = part; });
    bar.remove();
    if (status !== 200) return fail(turn, answer?.bubbles?.[0]?.text || (status === 413 ? field.dataset.large : field.dataset.lost), status < 400 || status >= 500 || status === 408 || status === 429);
    turn.file = null;
    answer.bubbles.forEach(talk.put);
    talk.mark(turn, "done");
    talk.settle(true);
  }

  // fail says why, and lets what may pass be sent again.
  function fail(turn, why, passes = false) {
    if (!passes) turn.file = null;
    talk.mark(turn, passes ? "unsent" : "unfit", why);
    talk.settle(true);
  }

  // post gives the status and the answer; status 0 says that the line is down.
  const post = (turn, progress) => new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/chat/files/${turn.id.slice(4)}?name=${encodeURIComponent(turn.file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.timeout = patience;
    request.responseType = "json";
    request.upload.onprogress = (event) => progress(event.loaded / event.total);
    request.onloadend = () => done({ status: request.status, answer: request.response });
    request.send(turn.file);
  });

  // lighter gives a photo as large as is needed to read it, without where it was
  // taken: phones make ten times more. What can't be drawn stays as it is.
  async function lighter(file) {
    if (!file.type.startsWith("image/")) return file;
    try {
      const picture = await createImageBitmap(file), by = Math.min(1, longSide / Math.max(picture.width, picture.height));
      const canvas = element("canvas");
      canvas.width = Math.round(picture.width * by);
      canvas.height = Math.round(picture.height * by);
      const ink = canvas.getContext("2d");
      ink.fillStyle = "#fff";   // what can be seen through
      ink.fillRect(0, 0, canvas.width, canvas.height);
      ink.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", .85));
      return blob && (blob.size < file.size || file.type === "image/jpeg") ? new File([blob], file.name, { type: blob.type }) : file;
    } catch {
      return file;
    }
  }

  return {
    offer: (open) => { button.hidden = !open; },
    // again sends what failed once more, and says whether it was a file.
    again: (turn) => {
      if (!turn.file) return false;
      send(turn);
      return true;
    },
  };
})();
