/* What was typed here and the server has not yet answered for: kept, sent once, in order.
 *
 *   await luring.outbox.add(kind, body)     sealed and kept; returns the item. Only then may paper be printed
 *   await luring.outbox.send()              one tab at a time; returns how many were answered
 *   await luring.outbox.withdraw(id)        taken back; false once any of it may have left this computer
 *   await luring.outbox.list()              items with their bodies, newest last
 *   await luring.outbox.count()             how many still wait in this computer
 *
 * state: waiting (Tersimpan di komputer ini) → saved | held | refused, said by the server and nobody else;
 * or withdrawn, here, before anything was sent.
 * An item carries who typed it. Whoever is signed in later only carries it.
 * Sent on document: `luring:outbox` {waiting}; other tabs hear it through a BroadcastChannel.
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const { store, seal, keyring } = luring;
  const AT_ONCE = 20;
  const KEEP_MS = 36 * 3600 * 1000; // answered items stay to be looked at until the next day is over
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("simpul-luring") : null;

  async function count() {
    try { return (await store.all("outbox")).filter((item) => item.state === "waiting").length; } catch { return 0; }
  }
  async function tell(aloud = true) {
    const waiting = await count();
    document.dispatchEvent(new CustomEvent("luring:outbox", { detail: { waiting } }));
    if (aloud) channel?.postMessage({ waiting });
  }
  if (channel) channel.onmessage = () => tell(false);

  async function add(kind, body, id = window.simpul.uuid7()) {
    const seq = await store.change("meta", "seq", (old) => (old || 0) + 1);
    // The computer's own clock, right or wrong: what it shows when the item is sent goes along, and the
    // server takes the difference off.
    const item = {
      id, kind, seq, state: "waiting", typed_by: keyring.person.id, typed_name: keyring.person.name,
      typed_at: new Date().toISOString(),
      sealed: await seal.close(keyring.box, body, `outbox:${id}`),
    };
    await store.put("outbox", id, item);
    await tell();
    return { ...item, body };
  }
  const opened = async (item) => {
    try { return { ...item, body: await seal.open(keyring.box, item.sealed, `outbox:${item.id}`) }; } catch { return { ...item, body: null }; }
  };
  async function list() {
    const items = await store.all("outbox");
    return Promise.all(items.sort((a, b) => a.seq - b.seq).map(opened));
  }
  const unread = new Set(); // the server could not read these; tried again with the next page
  const NOT_ABOUT_AN_ITEM = [0, 401, 403, 408, 410, 429];
  async function sendNow() {
    let answered = 0;
    let most = AT_ONCE;
    for (;;) {
      const waiting = (await list()).filter((item) => item.state === "waiting" && item.body && !unread.has(item.id));
      if (!waiting.length) return answered;
      const some = waiting.slice(0, most);
      // From here on the server may know of them, whatever becomes of its answer.
      const fresh = some.filter((item) => !item.tried).map(({ body, ...kept }) => [kept.id, { ...kept, tried: true }]);
      if (fresh.length) await store.putAll("outbox", fresh);
      const items = some.map(({ id, kind, typed_by, typed_at, seq, body }) => ({ id, kind, typed_by, typed_at, seq, body }));
      const { id: device } = await keyring.getDevice();
      // By the same clock as `typed_at`, or the server would put a wrong clock right twice.
      const now = new Date(Date.now() + ((await luring.copying.packet())?.skew || 0)).toISOString();
      const answer = await luring.call("/luring/kirim", { device, now, waiting: waiting.length, items }, { ms: 60000 });
      outbox.refused = answer.status === 401 || answer.status === 403 ? answer.status : 0;
      if (!answer.ok || !answer.body?.results) {
        if (NOT_ABOUT_AN_ITEM.includes(answer.status) || answer.status >= 500 || answer.ok) return answered;
        // One of them cannot be read: find which, so that it does not hold up the others.
        if (some.length > 1) most = 1; else unread.add(some[0].id);
        continue;
      }
      const results = new Map(answer.body.results.map((one) => [one.id, one]));
      let changed = 0;
      for (const item of some) {
        const result = results.get(item.id);
        if (!result || !["saved", "held", "refused"].includes(result.status)) continue;
        const { body, ...kept } = item;
        await store.put("outbox", item.id, { ...kept, tried: true, state: result.status, answer: result, answered_at: Date.now() });
        changed += 1;
      }
      answered += changed;
      await tell();
      if (answer.body.wipe) { await keyring.wipe(); return answered; }
      if (!changed) return answered; // an answer that says nothing about any of them: later again
    }
  }
  const withdraw = (id) => navigator.locks.request("simpul-luring-kirim", async () => {
    const item = await store.change("outbox", id, (old) => (old.state === "waiting" && !old.tried ? { ...old, state: "withdrawn", answered_at: Date.now() } : old));
    await tell();
    return item.state === "withdrawn";
  });
  async function tidy() {
    for (const item of await store.all("outbox")) {
      if (item.state !== "waiting" && Date.now() - (item.answered_at || 0) > KEEP_MS) await store.drop("outbox", item.id);
    }
  }
  const outbox = (luring.outbox = { add, list, count, tell, tidy, withdraw, refused: 0,
    send: () => (keyring.box ? navigator.locks.request("simpul-luring-kirim", { ifAvailable: true }, (lock) => (lock ? sendNow() : 0)).catch(() => 0) : Promise.resolve(0)),
  });
})();
