/* On every ordinary page: the worker, the local copy, what waits here, and the offer to go on without a server.
 *
 *   body[data-person][data-person-id][data-person-name][data-luring="loket poli"]   who works here
 *   form[data-people-form]   the sign-in form: its PIN opens the copy later without a server
 *   form[data-logout]        this person's key of the copy goes
 *
 * When the server does not answer, F8 goes on at the offline counter with all that was typed here.
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const { store, keyring } = luring;
  if (!store?.isThere || !navigator.serviceWorker || !navigator.locks) return; // plain http on a LAN: as before
  const $ = (selector, root = document) => root.querySelector(selector);
  const { person, personId, personName, draftKey, luring: places = "" } = document.body.dataset;
  const RENEW_MS = 60000;
  const STATE_MS = 30000;
  const LEAVE_MS = 2000;
  navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => {});

  // --- The sign-in page ----------------------------------------------------------------------------
  const signIn = $("[data-people-form]");
  if (signIn) {
    keyring.pocket({ drop: "pin" }); // seen again, this page means that the last one was not accepted
    // A log-out that was cut short by the change of page is finished here.
    store.get("meta", "left").then(async (left) => {
      if (!left) return;
      await keyring.leave(left.username);
      await store.drop("meta", "left");
    }).catch(() => {});
    signIn.addEventListener("submit", () => {
      const name = $("[data-people-name]", signIn).value.trim().toLowerCase();
      const pin = $("[data-people-secret]", signIn).value;
      if (name && pin) keyring.remember(name, pin);
    });
    // The worker that will make the key has to be there before the form is sent.
    keyring.getDevice().catch(() => {});
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-logout]") || !person || form.dataset.left !== undefined) return;
    // The page waits a moment: what a page that goes had begun on the disk may never be done.
    event.preventDefault();
    event.stopImmediatePropagation();
    form.dataset.left = "";
    keyring.lock(); // at once: it must not hand the keys on either
    const gone = store.put("meta", "left", { username: person, at: Date.now() }).then(() => keyring.leave(person)).catch(() => {});
    Promise.race([gone, new Promise((resolve) => { setTimeout(resolve, LEAVE_MS); })]).then(() => form.requestSubmit());
  }, true);
  if (!person || !places.trim()) return;

  // --- A draft that is gone here is gone in the copy that the offline pages keep of it --------------------
  const keptAs = (name) => name.replace(/^kunjungan-(.{36})-\d{8}$/, "kunjungan:$1").replace(/^rekam:/, "soap:");
  const forget = () => { for (const name of (window.simpul.cleared || []).splice(0)) store.drop("drafts", `${person}:${keptAs(name)}`).catch(() => {}); };
  document.addEventListener("draft-cleared", forget);
  forget();

  // --- Where somebody works, and what is open on this page ---------------------------------------------
  const me = { username: person, id: personId, name: personName, places: places.trim().split(" ") };
  const poli = /^\/poli\/([a-z-]+)/.exec(location.pathname)?.[1] || "";
  const atWork = /^\/(?:loket|poli|pasien\/baru)/.test(location.pathname);
  const offer = $("#luring-tawaran");
  const news = $("#luring-kabar");
  const chip = $("#keadaan");
  let open = false;
  let code = "–";

  const textOf = (form, name) => form?.elements[name]?.value ?? "";
  function typedHere() {
    const search = $("#id_q")?.value || "";
    const visit = $("#kunjungan-baru");
    const newcomer = $("#pasien-form");
    const record = $("#rekam-isian");
    const encounter = $("[data-encounter]")?.dataset.encounter;
    if (poli || record) {
      const soap = Object.fromEntries(["s", "o", "a", "p"].map((box) => [box, textOf(record, box)]));
      return { unit: poli || textOf(record, "unit"), encounter, soap: Object.values(soap).some(Boolean) ? soap : null };
    }
    if (newcomer) return { newcomer: luring.keeping.valuesOf(newcomer) };
    if (visit) return { q: search, patient: textOf(visit, "patient_id"), visit: luring.keeping.valuesOf(visit) };
    return { q: search };
  }
  async function goOffline() {
    await luring.keeping.write("bawaan", typedHere());
    await keyring.hold();
    location.assign("/luring");
  }

  // --- Sending and copying -------------------------------------------------------------------------
  async function paintChip() {
    const waiting = await luring.outbox.count();
    $("[data-local]", chip).textContent = String(waiting);
    $("[data-local-box]", chip).hidden = false;
    if (offer && !offer.hidden) offerWords(waiting);
    return waiting;
  }
  const offerWords = (count) => { $("[data-words]", offer).textContent = luring.say(!open ? "l-putus-biasa" : me.places.includes("loket") ? "l-putus" : "l-putus-poli", { count, code }); };
  function tell(words) {
    $("[data-words]", news).textContent = words;
    news.hidden = !words;
  }
  async function send() {
    const before = (await luring.outbox.list()).filter((item) => item.state === "waiting");
    if (!before.length) return;
    const names = [...new Set(before.map((item) => item.typed_name))].join(", ");
    tell(luring.say("l-menunggu", { count: before.length, names }));
    await luring.outbox.send();
    const ids = new Set(before.map((item) => item.id));
    const after = (await luring.outbox.list()).filter((item) => ids.has(item.id) && item.state !== "waiting");
    const odd = after.filter((item) => item.state !== "saved" || item.answer?.task).length;
    if (after.length) tell([luring.say("l-terkirim", { count: after.length }), odd ? luring.say("l-perlu", { count: odd }) : ""].filter(Boolean).join(" "));
    await paintChip();
  }
  async function renew(force = false) {
    if (!open || document.hidden || !luring.link.up) return;
    const copied = await store.get("meta", "copied");
    const queued = poli && (await store.get("meta", `queue:${poli}`));
    if (!force && copied && Date.now() - copied.checked < RENEW_MS && (queued || !poli)) return;
    await luring.copying.renew({ unit: poli });
    code = (await luring.copying.packet())?.block?.code || keyring.code || "–";
  }
  async function state() {
    if (document.hidden || !luring.link.up) return;
    const { id } = await keyring.getDevice();
    const waiting = await luring.outbox.count();
    const answer = await luring.call(`/luring/keadaan?${new URLSearchParams({ device: id, menunggu: String(waiting) })}`);
    if (answer.body?.wipe) { await keyring.wipe(); return; }
    if (answer.ok) document.dispatchEvent(new CustomEvent("simpul:state", { detail: { internet: answer.body.internet, pending: answer.body.waiting, full: Boolean(luring.full) } }));
  }

  // --- The server goes and comes -------------------------------------------------------------------
  document.addEventListener("luring:link", async ({ detail: { up } }) => {
    if (!up) {
      document.dispatchEvent(new CustomEvent("simpul:server", { detail: { up: false } }));
      offer.hidden = !(atWork && open);
      if (!offer.hidden) window.simpul.strip(""); // one sentence about one thing
      await paintChip();
    } else {
      offer.hidden = true;
      document.dispatchEvent(new CustomEvent("simpul:server", { detail: { up: true } }));
      if (!open) await start();
      await send();
      await renew(true);
    }
  });
  document.addEventListener("simpul:link", ({ detail }) => { if (detail.up !== luring.link.up) luring.link.probe(); });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, async () => { if (!(await luring.link.probe()) && !offer.hidden) window.simpul.strip(""); });
  }
  document.addEventListener("luring:outbox", () => paintChip());
  document.addEventListener("luring:full", () => { tell(luring.say("l-penuh")); document.dispatchEvent(new CustomEvent("simpul:state", { detail: { full: true } })); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-go-offline]")) goOffline();
    if (event.target.closest("#luring-kabar [data-hide]")) news.hidden = true;
  });
  let later = 0;
  document.addEventListener("simpul:live", () => { if (poli) { clearTimeout(later); later = setTimeout(() => renew(true), 3000); } });
  window.addEventListener("pagehide", () => { if (open) keyring.hold(); });

  async function start() {
    const left = await store.get("meta", "left");
    if (left?.username === person) { $("form[data-logout]")?.requestSubmit(); return; } // signed out while the server was away
    open = await keyring.openHere(me, draftKey);
    if (!open) return;
    code = keyring.code || "–";
    document.body.dataset.luringSiap = "";
    await luring.outbox.tidy();
    await paintChip();
    await send();
    await renew();
    document.body.dataset.luringSalin = "";
  }
  start().catch(() => {}); // without its storage the page is the ordinary page
  setInterval(() => { send().catch(() => {}); renew().catch(() => {}); }, RENEW_MS);
  state();
  setInterval(() => state().catch(() => {}), STATE_MS);
})();
