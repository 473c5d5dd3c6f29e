/* Bringing the local copy up to date: pages of people, sealed in buckets; rules, units, numbers beside them.
 *
 *   await luring.copying.renew({unit})   fetches what changed since the last time; true when it did
 *   await luring.copying.packet()        {units, rules, block, salt, villages, facility, at} or null
 *   await luring.copying.queue(unit)     {at, rows} as last seen, or null
 *   await luring.copying.everybody(each) opens bucket after bucket, so that the page stays alive
 *
 * A full copy is written in one transaction at its end: cut in the middle, the old one still answers.
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const { store, seal, keyring } = luring;
  const BUCKETS = 128;
  // Sixteen random bits of the id's end: the beginning of a UUIDv7 is the time and would pile up.
  const bucketOf = (id) => parseInt(id.slice(-4), 16) % BUCKETS;
  const place = (at) => `bucket:${at}`;

  async function readBucket(at) {
    const sealed = await store.get("buckets", at);
    return sealed ? seal.open(keyring.copy, sealed, place(at)) : [];
  }
  const sealBucket = async (at, people) => [at, await seal.close(keyring.copy, people, place(at))];

  async function packet() {
    const sealed = await store.get("meta", "packet");
    if (!sealed || !keyring.copy) return null;
    try { return await seal.open(keyring.copy, sealed, "packet"); } catch { return null; }
  }
  async function keepPacket(page) {
    const before = (await packet()) || {};
    const now = { ...before, at: page.now || new Date().toISOString() };
    for (const name of ["units", "rules", "block", "salt", "villages", "facility", "timezone", "mrn_width"]) if (page[name] !== undefined && page[name] !== null) now[name] = page[name];
    now.skew = page.now ? Date.parse(page.now) - Date.now() : before.skew || 0;
    await store.put("meta", "packet", await seal.close(keyring.copy, now, "packet"));
    // The Puskesmas' clock lies open: it is shown before anybody has opened anything.
    await store.put("meta", "clock", { skew: now.skew, timezone: now.timezone });
    if (page.queue?.unit) {
      const queue = { at: now.at, ...page.queue };
      await store.put("meta", `queue:${page.queue.unit}`, await seal.close(keyring.copy, queue, "queue"));
    }
  }
  async function queue(unit) {
    const sealed = await store.get("meta", `queue:${unit}`);
    if (!sealed || !keyring.copy) return null;
    try { return await seal.open(keyring.copy, sealed, "queue"); } catch { return null; }
  }
  const queues = async () => (await store.keys("meta")).filter((key) => String(key).startsWith("queue:")).map((key) => key.slice(6));

  async function writeAll(people) {
    const buckets = Array.from({ length: BUCKETS }, () => []);
    for (const one of people.values()) buckets[bucketOf(one.id)].push(one);
    const rows = [];
    for (const [at, some] of buckets.entries()) rows.push(await sealBucket(at, some));
    await store.putAll("buckets", rows, { clear: true });
  }
  async function writeChanges(people, removed) {
    const changed = new Map();
    const wanted = (id) => { const at = bucketOf(id); if (!changed.has(at)) changed.set(at, new Map()); return changed.get(at); };
    for (const one of people.values()) wanted(one.id).set(one.id, one);
    for (const id of removed) wanted(id).set(id, null);
    const rows = [];
    for (const [at, some] of changed) {
      const kept = new Map((await readBucket(at)).map((one) => [one.id, one]));
      for (const [id, one] of some) { if (one) kept.set(id, one); else kept.delete(id); }
      rows.push(await sealBucket(at, [...kept.values()]));
    }
    if (rows.length) await store.putAll("buckets", rows);
  }

  async function fetchAll(unit) {
    const { id } = await keyring.getDevice();
    let since = (await store.get("meta", "cursor")) || "";
    const people = new Map();
    const removed = new Set();
    let full = !since;
    for (;;) {
      const waiting = (await luring.outbox?.count()) ?? 0;
      const query = new URLSearchParams({ sejak: since, device: id, menunggu: String(waiting) });
      if (unit) query.set("unit", unit);
      const answer = await luring.call(`/luring/paket?${query}`, null, { ms: 60000 });
      if (answer.status === 410 || answer.body?.wipe) { await keyring.wipe(); return false; }
      if (!answer.ok || !answer.body) return false;
      const page = answer.body;
      if (page.full && !full) { full = true; people.clear(); removed.clear(); }
      for (const one of page.patients || []) { people.set(one.id, one); removed.delete(one.id); }
      for (const gone of page.removed || []) { removed.add(gone); people.delete(gone); }
      await keepPacket(page);
      if (page.next) { since = page.next; continue; }
      if (full) await writeAll(people);
      else await writeChanges(people, removed);
      await store.put("meta", "cursor", page.cursor);
      await store.put("meta", "copied", { at: page.now || new Date().toISOString(), checked: Date.now() });
      return true;
    }
  }
  let busy = null;
  function renew({ unit = "" } = {}) {
    if (!keyring.copy) return Promise.resolve(false);
    // One tab fetches for all; a second one asking meanwhile is content with that.
    busy ||= navigator.locks.request("simpul-luring-salin", { ifAvailable: true }, async (lock) => (lock ? fetchAll(unit) : false))
      .catch(() => false).finally(() => { busy = null; });
    return busy;
  }
  async function everybody(each) {
    for (const at of await store.keys("buckets")) {
      each(await readBucket(at));
      await new Promise((resolve) => setTimeout(resolve)); // a key pressed meanwhile is heard
    }
  }
  luring.copying = { renew, packet, queue, queues, everybody };
})();
