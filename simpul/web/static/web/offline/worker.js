/* The service worker: keeps the offline counter's pages, never a page about a patient.
 *
 * /sw.js is this file behind one line `const SHELL = {version, page, files}`; the files are named by
 * their content, so an old copy is never mixed with a new one. A page that cannot be fetched is
 * answered with the shell, at its own address; coming back it is the real page again.
 * Between two pages it holds the keys of the local copy in memory (offline/keyring.js); it writes none.
 */
"use strict";
const CACHE = `simpul-luring-${SHELL.version}`;
const SHORT_MS = 4000; // for the counter and the poli, where people wait
const QUICK = /^\/(?:$|loket|poli|pasien\/baru|luring)/;
const ROUNDS = 400000;
let held = null; // {keys, person, code}
let pending = null; // {username, key}: made from a PIN the server has not yet judged

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // A static file is named by its content: what the page has just fetched is as good as a new one.
    const fresh = (url) => new Request(url, url.startsWith("/static/") ? {} : { cache: "no-cache" });
    await cache.addAll([SHELL.page, ...SHELL.files].map(fresh));
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("simpul-luring-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

const shell = async () => (await caches.match(SHELL.page, { cacheName: CACHE })) || Response.error();
async function page(request, url) {
  if (url.pathname === SHELL.page) return shell();
  const stop = new AbortController();
  const timer = QUICK.test(url.pathname) && request.method === "GET" ? setTimeout(() => stop.abort(), SHORT_MS) : 0;
  try {
    return await fetch(request, { signal: stop.signal });
  } catch {
    // A form that was sent cannot be shown at its address; what it held is a draft on its page.
    return request.method === "GET" ? shell() : Response.redirect(SHELL.page, 303);
  } finally {
    clearTimeout(timer);
  }
}
/* Static files hold no patient; those named inside style sheets come here with their first use. */
async function file(request, url) {
  const kept = await caches.match(request, { cacheName: CACHE });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && url.pathname.startsWith("/static/")) {
    const cache = await caches.open(CACHE);
    await cache.put(request, answer.clone()).catch(() => {}); // a full disk: then without it
  }
  return answer;
}
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (request.method === "GET" && (url.pathname.startsWith("/static/") || SHELL.files.includes(url.pathname))) event.respondWith(file(request, url));
});

let turn = 0; // a PIN that was not accepted, or an older one, must not become a key afterwards
async function slowKey({ username, pin, salt }, mine) {
  pending = null;
  const words = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, words,
    { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  if (mine === turn) pending = { username, key };
}
let making = Promise.resolve();
self.addEventListener("message", (event) => {
  const { hold, ask, drop, pin, username } = event.data || {};
  const answer = (value) => event.ports[0]?.postMessage(value);
  if (hold) held = hold;
  if (drop === "keys") held = null;
  if (drop === "pin") { pending = null; turn += 1; }
  if (pin) event.waitUntil((making = slowKey(pin, (turn += 1))));
  if (ask === "keys") answer(held);
  else if (ask === "pin") event.waitUntil(making.then(() => answer(pending?.username === username ? pending : null)));
  else answer(true);
});
