// Makes the page open without a line. It keeps the page and its files and
// nothing that anybody said: messages, events and data are never touched. The
// server writes two lines before this: version, from the content of all files,
// and shell, their addresses.
const wait = 3000;   // ms for the page of the server, then that of this device

addEventListener("install", (event) => {
  event.waitUntil(caches.open(version).then((cache) => cache.addAll(shell)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((n) => n !== version).map((n) => caches.delete(n))))
    .then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && /^\/(chat)?$|^\/(nghe|lop|khao-sat)\//.test(url.pathname)) {
    event.respondWith(page(request));
  } else if (url.pathname.startsWith("/chat/assets/")) {
    event.respondWith(caches.match(request).then((found) => found || fetch(request)));
  }
});

async function page(request) {
  const kept = () => caches.match("/");
  const limit = new Promise((late) => setTimeout(late, wait));
  const fresh = fetch(request).then((answer) => answer.status < 500 ? answer : Promise.reject(answer.status));
  try {
    return await Promise.race([fresh, limit.then(kept)]) || await fresh;
  } catch {
    return await kept() || Response.error();
  }
}
