/* The keys of the local copy: where they come from, who may have them, when they are gone.
 *
 *   copy   opens the people; made for this computer, handed on only to somebody the server let in
 *          (`/luring/kunci`) or whose PIN opens it here; gone with the log-in of this computer
 *   box    opens what was typed and not yet sent, so that the next person can carry it
 *   draft  opens this person's drafts of the ordinary pages (drafts.js), so that one form has one draft
 *
 * Between two pages the service worker holds them in its memory, never on disk. On disk they lie only
 * wrapped: with the session's key of the server, and with a key made slowly from the PIN.
 *
 *   await luring.keyring.openHere(person, draftKey)   on a page of a signed-in person; true when open
 *   await luring.keyring.openWithPin(name, pin) without the server; {ok} or {left, wait}
 *   luring.keyring.leave(name)                  log-out: this person's wrapped key goes
 *   luring.keyring.lock()                       next person, please; wrapped keys stay
 *   luring.keyring.wipe()                       the IT person's button: everything but the outbox
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const { store, seal } = luring;
  const KEEP_MS = 30 * 24 * 3600 * 1000;
  const TRIES = 5;
  const WAIT_MS = 5 * 60 * 1000;
  const keyring = (luring.keyring = { copy: null, box: null, draft: null, person: null, device: null, code: "" });
  let raw = null; // {copy, box, draft}: bytes, to be wrapped and handed on

  // --- The service worker as the pocket between two pages --------------------------------------------
  async function pocket(message, ms = 5000) {
    const registration = await navigator.serviceWorker?.getRegistration("/");
    const worker = registration?.active || registration?.waiting || registration?.installing;
    if (!worker) return null;
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      const timer = setTimeout(() => resolve(null), ms);
      port1.onmessage = (event) => { clearTimeout(timer); resolve(event.data); };
      worker.postMessage(message, [port2]);
    });
  }
  async function device() {
    keyring.device ||= await store.change("meta", "device", (old) => old || { id: window.simpul.uuid7(), salt: seal.random(16) });
    return keyring.device;
  }
  const saltOf = async (name) => {
    const { salt } = await device();
    const own = new TextEncoder().encode(name);
    const both = new Uint8Array(salt.length + own.length);
    both.set(salt);
    both.set(own, salt.length);
    return both;
  };
  const NAMES = ["copy", "box", "draft"];
  const turned = (keys, how) => Object.fromEntries(NAMES.filter((name) => keys[name]).map((name) => [name, how(keys[name])]));
  const packed = (keys) => turned(keys, seal.to64);
  const unpacked = (words) => turned(words, seal.bytes64);

  async function use(keys, person) {
    raw = keys;
    keyring.copy = await seal.key(keys.copy);
    keyring.box = await seal.key(keys.box);
    keyring.draft = keys.draft ? await seal.draftKey(keys.draft) : null;
    keyring.person = person;
    hold();
  }
  function hold() {
    if (raw) pocket({ hold: { keys: raw, person: keyring.person, code: keyring.code } });
  }
  async function wraps() {
    const all = (await store.get("meta", "wraps")) || {};
    return Object.fromEntries(Object.entries(all).filter(([, one]) => Date.now() - one.at < KEEP_MS));
  }
  const people = async () => Object.entries(await wraps()).map(([username, one]) => ({ username, ...one.person }));

  // --- With the server ------------------------------------------------------------------------------
  async function openHere(person, draftWords = "") {
    const draft = draftWords ? seal.bytes64(draftWords) : null;
    const held = await pocket({ ask: "keys" });
    // Somebody who has just signed in is told to the server, even where their keys are still at hand.
    const signedIn = Boolean((await pocket({ ask: "pin", username: person.username }))?.key);
    if (held?.keys && held.person.username === person.username && !signedIn) {
      keyring.code = held.code;
      await use({ ...held.keys, draft }, person);
      return true;
    }
    const here = await device();
    const answer = await luring.call("/luring/kunci", { device_id: here.id, device_name: luring.machine() });
    if (answer.status === 410 || answer.body?.wipe) {
      if (answer.body?.box) Object.assign(keyring, { box: await seal.key(seal.bytes64(answer.body.box)), person });
      await wipe();
      return false;
    }
    if (!answer.ok || !answer.body?.key) return false;
    keyring.code = answer.body.code || "";
    const session = await seal.key(seal.bytes64(answer.body.key));
    const box = answer.body.box ? seal.bytes64(answer.body.box) : await localBox();
    const copy = (await fromSession(session)) || held?.keys?.copy || (await fromPending(person));
    const keys = { copy: copy || seal.random(), box, draft };
    if (!copy) await forgetCopy();
    await store.put("meta", "session", await seal.close(session, { copy: seal.to64(keys.copy) }, "session"));
    await use(keys, person);
    await wrapWithPin(person);
    return true;
  }
  async function fromSession(session) {
    const sealed = await store.get("meta", "session");
    if (!sealed) return null;
    try { return seal.bytes64((await seal.open(session, sealed, "session")).copy); } catch { return null; }
  }
  async function fromPending(person) {
    const pending = await pocket({ ask: "pin", username: person.username });
    const wrapped = (await wraps())[person.username];
    if (!pending?.key || !wrapped) return null;
    try { return unpacked(await seal.open(pending.key, wrapped.sealed, `pin:${person.username}`)).copy; } catch { return null; }
  }
  /* A computer whose server hands out no key of the box keeps one of its own. */
  async function localBox() {
    return (await store.change("meta", "box", (old) => old || seal.random()));
  }
  async function wrapWithPin(person) {
    const pending = await pocket({ ask: "pin", username: person.username });
    if (!pending?.key) return;
    const sealed = await seal.close(pending.key, packed(raw), `pin:${person.username}`);
    const all = await wraps();
    all[person.username] = { sealed, person, code: keyring.code, at: Date.now() };
    await store.put("meta", "wraps", all);
    await store.drop("meta", `tries:${person.username}`);
    pocket({ drop: "pin" });
  }

  // --- Without the server ---------------------------------------------------------------------------
  async function openHeld() {
    const held = await pocket({ ask: "keys" });
    if (!held?.keys) return false;
    keyring.code = held.code;
    await use(held.keys, held.person);
    return true;
  }
  async function openWithPin(username, pin) {
    const place = `tries:${username}`;
    const tries = (await store.get("meta", place)) || { count: 0, until: 0 };
    if (tries.until > Date.now()) return { wait: Math.ceil((tries.until - Date.now()) / 60000) };
    const wrapped = (await wraps())[username];
    if (!wrapped) return { unknown: true };
    // Counted before it is tried: a page closed in the middle has used up a try as well.
    const count = tries.count + 1;
    await store.put("meta", place, { count: count % TRIES, until: count % TRIES ? 0 : Date.now() + WAIT_MS });
    try {
      const key = await seal.fromPin(pin, await saltOf(username));
      const keys = unpacked(await seal.open(key, wrapped.sealed, `pin:${username}`));
      await store.drop("meta", place);
      keyring.code = wrapped.code || "";
      await use(keys, wrapped.person);
      return { ok: true };
    } catch {
      return count % TRIES ? { left: TRIES - count } : { wait: WAIT_MS / 60000 };
    }
  }

  // --- The end ---------------------------------------------------------------------------------------
  async function forgetCopy() {
    await store.clear("buckets");
    for (const name of ["cursor", "packet"]) await store.drop("meta", name);
    for (const name of await store.keys("meta")) if (String(name).startsWith("queue:")) await store.drop("meta", name);
  }
  async function leave(username) {
    const all = await wraps();
    delete all[username];
    await store.put("meta", "wraps", all);
    await store.drop("meta", "session");
    lock();
    if (!Object.keys(all).length) await forgetCopy();
  }
  function lock() {
    raw = keyring.copy = keyring.box = keyring.draft = keyring.person = null;
    pocket({ drop: "keys" });
  }
  let wiping = null;
  async function wipeNow() {
    // What waits to be sent is other people's work: it goes first, and what cannot go stays sealed.
    await luring.outbox?.send();
    await forgetCopy();
    for (const name of ["wraps", "session"]) await store.drop("meta", name);
    await store.clear("drafts");
    if (!(await luring.outbox?.count())) {
      await store.clear("outbox");
      await luring.call("/luring/lupakan/selesai", { device: (await device()).id });
    }
    lock();
    document.dispatchEvent(new CustomEvent("luring:wiped"));
  }
  const wipe = () => (wiping ||= wipeNow().finally(() => { wiping = null; }));
  /* The sign-in form was sent: the worker makes the slow key meanwhile; kept only if the server agrees. */
  async function remember(username, pin) {
    pocket({ pin: { username, pin, salt: await saltOf(username) } });
  }
  Object.assign(keyring, { openHere, openHeld, openWithPin, people, leave, lock, wipe, remember, hold, pocket, getDevice: device });
})();
