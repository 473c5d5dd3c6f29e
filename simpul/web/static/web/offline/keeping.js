/* Drafts of what is being written, sealed, one owner each: reload, battery and Esc come back to them.
 *
 *   luring.keeping.watch(form, key)            keeps every change; returns {stop(), drop()}
 *   await luring.keeping.read(key)             {at, values} of the person who works here now, or null
 *   await luring.keeping.write(key, values, form)   values: {name: text} · drop(key)
 *   await luring.keeping.all("baru:")          what this person keeps under keys that begin so
 *   luring.keeping.fill(form, values)          puts them back; true when something changed
 *
 * A form that the ordinary pages have too (a new patient, a visit, a record's SOAP) has one draft, the one
 * of drafts.js: half written there it goes on here, half written here it goes on there, saved it is gone.
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const { store, seal, keyring } = luring;
  const KEEP_MS = 72 * 3600 * 1000;
  const place = (key) => `${keyring.person?.username || ""}:${key}`;
  let turn = Promise.resolve(); // one write after the other: the last one written is the last one typed

  // --- Drafts of the ordinary pages: place in localStorage, [[name, text or [value, ticked]], …] -------------
  const SOAP = ["s", "o", "a", "p"];
  function shelfOf(key) {
    if (!keyring.draft || !keyring.person) return "";
    const [kind, id] = key.split(":");
    const name = kind === "pasien-baru" ? kind : { kunjungan: `kunjungan-${id}-${luring.today().replaceAll("-", "")}`, soap: `rekam:${id}` }[kind];
    return name ? `simpul:draft:${keyring.person.username}:${name}` : "";
  }
  async function readShelf(shelf) {
    try {
      const draft = JSON.parse(localStorage.getItem(shelf));
      return draft && Date.now() - draft.at < KEEP_MS ? await seal.openDraft(keyring.draft, draft) : null;
    } catch { return null; }
  }
  async function writeShelf(shelf, entries) {
    const names = new Set(entries.map(([name]) => name));
    // The ordinary form may have fields that this one has not.
    const others = ((await readShelf(shelf))?.values || []).filter(([name]) => !names.has(name));
    localStorage.setItem(shelf, JSON.stringify(await seal.closeDraft(keyring.draft, { at: Date.now(), values: [...others, ...entries] })));
  }
  async function dropShelf(shelf) {
    const rest = shelf.includes(":rekam:") ? ((await readShelf(shelf))?.values || []).filter(([name]) => !SOAP.includes(name)) : [];
    if (rest.some(([, text]) => (Array.isArray(text) ? text[1] : text.trim()))) localStorage.setItem(shelf, JSON.stringify(await seal.closeDraft(keyring.draft, { at: Date.now(), values: rest })));
    else localStorage.removeItem(shelf);
  }
  const entriesOf = (form) => fields(form).filter((field) => field.type !== "hidden")
    .map((field) => [field.name, ["radio", "checkbox"].includes(field.type) ? [field.value, field.checked] : field.value]);
  const valuesIn = (entries) => Object.fromEntries(entries.filter(([, text]) => !Array.isArray(text) || text[1]).map(([name, text]) => [name, Array.isArray(text) ? text[0] : text]));

  const write = (key, values, form = null) => {
    const [at, box, shelf] = [place(key), keyring.box, form && shelfOf(key)];
    if (!box) return Promise.resolve(false);
    const entries = shelf ? entriesOf(form) : [];
    // First where a dead battery takes nothing back (localStorage reaches the disk seconds later).
    turn = turn.then(async () => {
      await store.put("drafts", at, { at: Date.now(), sealed: await seal.close(box, values, `draft:${at}`) });
      if (shelf) await writeShelf(shelf, entries);
    }).then(() => true, () => false);
    return turn;
  };
  const drop = (key) => {
    const [at, shelf] = [place(key), shelfOf(key)];
    turn = turn.then(() => (shelf ? dropShelf(shelf) : null)).then(() => store.drop("drafts", at)).catch(() => {});
    return turn;
  };
  async function read(key) {
    await turn;
    const [at, shelf] = [place(key), shelfOf(key)];
    const draft = shelf && (await readShelf(shelf));
    const kept = await store.get("drafts", at);
    if (draft && !(kept?.at > draft.at)) return { at: draft.at, values: valuesIn(draft.values) };
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
      turn.then(() => { dirty = false; if (!stopped) write(key, valuesOf(form), form); });
    };
    form.addEventListener("input", save);
    form.addEventListener("change", save);
    return {
      /* What stands in the form now is the draft: a change still waiting for the one before is written too. */
      stop() { if (dirty && !stopped) write(key, valuesOf(form), form); stopped = true; },
      drop() { stopped = true; return drop(key); },
    };
  }
  luring.keeping = { watch, read, all, write, drop, fill, valuesOf };
})();
