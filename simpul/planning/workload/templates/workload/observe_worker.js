/* Opens /pengamatan without the server. Nothing else of Simpul passes through here: other addresses
 * go to the network as if this file did not exist. The page's own files are named by their content,
 * so what is kept never grows old.
 */
"use strict";
const SHELF = "simpul-pengamatan-1";
const PAGE = "{% url 'pengamatan' %}";
const STATIC = "{% get_static_prefix %}";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page says which files it is made of; kept only when all of them are there.
self.addEventListener("message", (event) => {
  const { keep } = event.data || {};
  if (!Array.isArray(keep)) return;
  event.waitUntil((async () => {
    const shelf = await caches.open(SHELF);
    const wanted = keep.filter((url) => new URL(url, self.location).pathname.startsWith(STATIC));
    await shelf.addAll(wanted);
    const page = await fetch(PAGE, { redirect: "manual" });
    if (page.ok) await shelf.put(PAGE, page);
    const known = new Set(wanted.map((url) => new URL(url, self.location).pathname));
    for (const request of await shelf.keys()) {
      const { pathname } = new URL(request.url);
      if (pathname !== PAGE && !known.has(pathname)) await shelf.delete(request);
    }
    event.source?.postMessage({ kept: page.ok });
  })().catch(() => event.source?.postMessage({ kept: false })));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname === PAGE) event.respondWith(freshPage(request));
  else if (pathname.startsWith(STATIC)) event.respondWith(keptFile(request));
});

async function freshPage(request) {
  try {
    const answer = await fetch(request);
    if (answer.status < 500) return answer;
    return (await caches.match(PAGE)) || answer;
  } catch (failure) {
    const kept = await caches.match(PAGE);
    if (kept) return kept;
    throw failure;
  }
}

async function keptFile(request) {
  return (await caches.match(request, { ignoreSearch: true })) || fetch(request);
}
