/* The database in this browser: small, promise-shaped, and honest about a full disk.
 *
 *   luring.store.get("meta", key) · put("meta", key, value) · drop("meta", key) · all("outbox") · clear("buckets")
 *   luring.store.change("meta", key, (old) => value)     read and write in one transaction, also between tabs
 *   luring.store.putAll("buckets", [[key, value], …], {clear: true})
 *
 * Stores: meta (device, cursor, sealed keys and packet), buckets (the sealed copy of the people),
 * outbox (what was typed here and not yet answered), drafts. Everything about patients is sealed.
 * A write that finds no room sends `luring:full` on document and is refused.
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const STORES = ["meta", "buckets", "outbox", "drafts"];
  let opened = null;

  function open() {
    opened ||= new Promise((resolve, reject) => {
      const asked = indexedDB.open("simpul-luring", 1);
      asked.onupgradeneeded = () => STORES.forEach((name) => asked.result.createObjectStore(name));
      asked.onsuccess = () => {
        asked.result.onversionchange = () => { asked.result.close(); opened = null; };
        resolve(asked.result);
      };
      asked.onerror = () => { opened = null; reject(asked.error); };
    });
    return opened;
  }
  const isFull = (error) => error?.name === "QuotaExceededError" || /quota/i.test(error?.message || "");

  async function run(name, mode, work) {
    const db = await open();
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(name, mode, { durability: "strict" });
      let answer;
      try { answer = work(transaction.objectStore(name)); } catch (error) { transaction.abort(); reject(error); return; }
      transaction.oncomplete = () => resolve(answer && "result" in answer ? answer.result : answer?.value);
      transaction.onabort = transaction.onerror = () => {
        const error = transaction.error || new Error("storage");
        if (isFull(error)) {
          luring.full = true;
          document.dispatchEvent(new CustomEvent("luring:full"));
        }
        reject(error);
      };
    });
  }
  const store = {
    get: (name, key) => run(name, "readonly", (box) => box.get(key)),
    keys: (name) => run(name, "readonly", (box) => box.getAllKeys()),
    all: (name) => run(name, "readonly", (box) => box.getAll()),
    drop: (name, key) => run(name, "readwrite", (box) => { box.delete(key); }),
    clear: (name) => run(name, "readwrite", (box) => { box.clear(); }),
    async put(name, key, value) {
      await run(name, "readwrite", (box) => { box.put(value, key); });
      if (luring.full) { luring.full = false; document.dispatchEvent(new CustomEvent("luring:room")); }
    },
    putAll: (name, rows, { clear = false } = {}) => run(name, "readwrite", (box) => {
      if (clear) box.clear();
      for (const [key, value] of rows) box.put(value, key);
    }),
    change: (name, key, work) => run(name, "readwrite", (box) => {
      const answer = { value: undefined };
      const asked = box.get(key);
      asked.onsuccess = () => {
        answer.value = work(asked.result);
        box.put(answer.value, key);
      };
      return answer;
    }),
    isFull,
  };
  // A private window or a switched-off storage: the offline counter is then simply not offered.
  store.isThere = Boolean(window.indexedDB && window.isSecureContext && window.crypto?.subtle);
  luring.store = store;
})();
