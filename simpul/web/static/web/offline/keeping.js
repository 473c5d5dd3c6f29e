/* Drafts of what is being written, sealed, one owner each: reload, battery and Esc come back to them.
 *
 *   luring.keeping.watch(form, key)            keeps every change; returns {stop(), drop()}
 *   await luring.keeping.read(key)             {at, values} of the person who works here now, or null
 *   await luring.keeping.write(key, values)    values: {name: text} · drop(key)
 *   await luring.keeping.all("baru:")          what this person keeps under keys that begin so
 *   luring.keeping.fill(form, values)          puts them back; true when something changed
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const { store, seal, keyring } = luring;
  const KEEP_MS = 72 * 3600 * 1000;
  const place = (key) => `${keyring.person?.username || ""}:${key}`;
  let turn = Promise.resolve(); // one write after the other: the last one written is the last one typed

  const write = (key, values) => {
    const [at, box] = [place(key), keyring.box];
    if (!box) return Promise.resolve(false);
    turn = turn.then(async () => store.put("drafts", at, { at: Date.now(), sealed: await seal.close(box, values, `draft:${at}`) })).then(() => true, () => false);
    return turn;
  };
  const drop = (key) => { const at = place(key); turn = turn.then(() => store.drop("drafts", at)).catch(() => {}); return turn; };
  async function read(key) {
    await turn;
    const at = place(key);
    const kept = await store.get("drafts", at);
    if (!kept || !keyring.box || Date.now() - kept.at > KEEP_MS) return null;
    try { return { at: kept.at, values: await seal.open(keyring.box, kept.sealed, `draft:${at}`) }; } catch { return null; }
  }
  async function all(beginning) {
    await turn;
    const keys = (await store.keys("drafts")).filter((key) => String(key).startsWith(place(beginning)));
    const found = await Promise.all(keys.map((key) => read(key.slice(place("").length))));
    return found.filter(Boolean).map((one) => one.values);
  }
  const fields = (form) => [...form.elements].filter((field) => field.name && !["submit", "button", "password"].includes(field.type) && !field.hasAttribute("data-key-find"));
  function valuesOf(form) {
    const values = {};
    for (const field of fields(form)) {
      if (field.type === "radio" || field.type === "checkbox") { if (field.checked) values[field.name] = field.value; }
      else values[field.name] = field.value;
    }
    return values;
  }
  function fill(form, values) {
    let changed = false;
    for (const field of fields(form)) {
      if (!(field.name in values)) continue;
      const wanted = values[field.name];
      if (field.type === "radio" || field.type === "checkbox") {
        const checked = field.value === wanted;
        if (field.checked !== checked) { field.checked = checked; changed = true; }
      } else if (field.value !== wanted) { field.value = wanted; changed = true; }
    }
    return changed;
  }
  function watch(form, key) {
    let dirty = false;
    let stopped = false;
    const save = () => {
      if (stopped || dirty) return;
      dirty = true;
      // What is typed while the last change is being written goes into one more write.
      turn.then(() => { dirty = false; if (!stopped) write(key, valuesOf(form)); });
    };
    form.addEventListener("input", save);
    form.addEventListener("change", save);
    return { stop() { stopped = true; }, drop() { stopped = true; return drop(key); } };
  }
  luring.keeping = { watch, read, all, write, drop, fill, valuesOf };
})();
