/* The television's own service worker: the board as last seen, for a start before the server.
 *
 * A television is switched on in the morning, often before anybody starts the server. Then the last
 * board stands there with its times, marked body[data-kept]; tv.js says that staff call, and loads the
 * page of now as soon as the server answers. Nothing on it names a person. Sounds are not kept.
 *
 * message {keep: "/tv?lantai=1"}   fetch that board and keep it
 */
"use strict";
const CACHE = "simpul-tv";
const SHORT_MS = 5000;
const IN_PAGE = /(?:src|href)="(\/static\/[^"#]+)/g;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/* The page goes in last: what is kept has everything it needs. */
async function keep(address, answer) {
  const cache = await caches.open(CACHE);
  const files = new Set([...(await answer.clone().text()).matchAll(IN_PAGE)].map(([, file]) => file));
  const here = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  await cache.addAll([...files].filter((file) => !here.has(file)));
  await cache.put(address, answer);
  for (const old of here) if (old.startsWith("/static/") && !files.has(old)) await cache.delete(old);
}
async function renew(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (answer.ok && !answer.redirected) await keep(address, answer);
}
async function lastSeen(address) {
  const kept = await caches.match(address, { cacheName: CACHE, ignoreVary: true });
  if (!kept) return Response.error();
  const page = (await kept.text()).replace("<body ", "<body data-kept ");
  return new Response(page, { headers: kept.headers });
}
async function board(event) {
  const { request } = event;
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(SHORT_MS) });
    if (answer.status >= 500) return await lastSeen(request.url);
    if (answer.ok && !answer.redirected) event.waitUntil(keep(request.url, answer.clone()).catch(() => {}));
    return answer;
  } catch {
    return lastSeen(request.url);
  }
}
// A static file is named by its content.
const file = async (request) => (await caches.match(request, { cacheName: CACHE, ignoreVary: true })) || fetch(request);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || request.method !== "GET") return;
  if (request.mode === "navigate" && url.pathname === "/tv") event.respondWith(board(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});
self.addEventListener("message", (event) => {
  const { keep: address } = event.data || {};
  if (address) event.waitUntil(renew(new URL(address, self.location.origin).href).catch(() => {}));
});
