/* Nothing typed is lost: reload, power cut and Esc come back to it. Nobody else can read it.
 *
 *   form[data-draft="pasien-baru"]   kept in this browser every 2 s while it changes
 *   data-draft-off on a field        never kept (passwords, hidden and file fields never are)
 *   data-draft-clear="KEY"           in a page or fragment: the server has it, the draft goes
 *   response header HX-Trigger: {"draft-saved": "KEY"}   the same
 *   event `draft-found` on a form    {values}: before a draft fills it, so that rows can be added
 *   form[data-logout]                at log-out, drafts older than the limit go too
 *   body[data-person][data-draft-key]   whose drafts, and the key that seals them (web/draft_keys.py)
 *
 * On disk a draft lies sealed (offline/keeping.js reads and writes the same); its key comes with each page of the signed-in person and is in memory
 * only. So it is there again after an ended session, and unreadable after log-out. It lives 72 hours.
 * A browser without its own cryptography (plain http from another computer) keeps drafts for the open
 * tab only, and log-out removes them.
 */
(() => {
  "use strict";
  const EVERY_MS = 2000;
  const KEEP_MS = 72 * 3600 * 1000;
  const BLOCK = 16;
  const STREAM = 1 << 16;
  const { person = "", draftKey = "" } = document.body.dataset;
  const prefix = "simpul:draft:";
  const mine = `${prefix}${person}:`;
  const place = (key) => `${mine}${key}`;
  const isSealed = Boolean(person && draftKey && window.crypto?.subtle);
  let shelf = null;
  try { shelf = isSealed ? localStorage : sessionStorage; Object.keys(shelf); } catch { return; } // no storage: no drafts
  const shelved = (name) => { try { return JSON.parse(shelf.getItem(name)); } catch { return null; } };
  const drop = (name) => { known.delete(name); shelf.removeItem(name); };

  // --- Sealing: AES in counter mode. A page that goes waits for nothing, so the key stream lies ready ---
  const known = new Map(); // place → {at, values}: this person's drafts, opened
  let key = null;
  let stream = null;
  let spare = null;
  let longest = 0;
  const bytesOf = (words) => Uint8Array.from(atob(words), (sign) => sign.charCodeAt(0));
  const wordsOf = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  async function makeStream() {
    const iv = crypto.getRandomValues(new Uint8Array(BLOCK));
    iv.fill(0, 12); // twelve bytes at random, four that count
    const zeros = new Uint8Array(Math.max(STREAM, BLOCK * Math.ceil((longest * 4) / BLOCK)));
    const made = await crypto.subtle.encrypt({ name: "AES-CTR", counter: iv, length: 32 }, key, zeros);
    return { iv, bytes: new Uint8Array(made), at: 0 };
  }
  const room = (one) => (one ? one.bytes.length - one.at : 0);
  /* No block of the stream is used twice. */
  function seal(at, values) {
    const text = new TextEncoder().encode(JSON.stringify({ at, values }));
    longest = Math.max(longest, text.length);
    if (room(stream) < text.length && spare) { stream = spare; spare = null; }
    const enough = room(stream) >= text.length;
    if (key && !spare && room(stream) < STREAM / 2 + text.length) makeStream().then((made) => { spare ||= made; });
    if (!enough) return null; // with the next look, two seconds on
    const iv = stream.iv.slice();
    new DataView(iv.buffer).setUint32(12, stream.at / BLOCK);
    const data = text.map((byte, n) => byte ^ stream.bytes[stream.at + n]);
    stream.at += BLOCK * Math.ceil(text.length / BLOCK);
    return { at, iv: wordsOf(iv), data: wordsOf(data) };
  }
  async function unseal(draft) {
    if (!draft || draft.values) return draft;
    try {
      const clear = await crypto.subtle.decrypt({ name: "AES-CTR", counter: bytesOf(draft.iv), length: 32 }, key, bytesOf(draft.data));
      const { at, values } = JSON.parse(new TextDecoder().decode(clear));
      return Array.isArray(values) ? { at, values } : null;
    } catch { return null; } // another house's key, or an odd hand
  }
  /* True once it is on the disk. */
  function put(name, at, values) {
    const draft = isSealed ? seal(at, values) : { at, values };
    if (!draft) return false;
    try { shelf.setItem(name, JSON.stringify(draft)); } catch { return false; } // full: tried again
    known.set(name, { at, values });
    return true;
  }

  // --- Fields --------------------------------------------------------------------------------------
  const kept = (field) =>
    field.name && !["password", "hidden", "file", "submit", "button", "reset"].includes(field.type) &&
    !field.hasAttribute("data-draft-off") && !field.hasAttribute("data-key-find");
  const read = (form) => [...form.elements].filter(kept).map((field) =>
    [field.name, ["radio", "checkbox"].includes(field.type) ? [field.value, field.checked] : field.value]);
  const blank = (values) => values.every(([, value]) => (Array.isArray(value) ? !value[1] : !value.trim()));

  function write(form, values) {
    const waiting = values.slice();
    for (const field of [...form.elements].filter(kept)) {
      const ticks = ["radio", "checkbox"].includes(field.type);
      const at = waiting.findIndex(([name, value]) => name === field.name && (!ticks || value[0] === field.value));
      if (at < 0) continue;
      const [[, value]] = waiting.splice(at, 1);
      if (ticks ? field.checked === value[1] : field.value === value) continue;
      if (ticks) field.checked = value[1]; else field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  // --- Forms ---------------------------------------------------------------------------------------
  const forms = new Map(); // form → { start, last }
  let isOpen = false; // this person's drafts have been read
  function save(form) {
    const state = forms.get(form);
    if (!form.isConnected) { forms.delete(form); return; }
    const now = JSON.stringify(read(form));
    if (!isOpen || now === state.last) return;
    if (now === state.start) drop(place(form.dataset.draft));
    else if (!put(place(form.dataset.draft), Date.now(), JSON.parse(now))) return;
    state.last = now;
  }
  function clear(name) {
    drop(place(name));
    for (const [form, state] of forms) {
      if (form.dataset.draft === name) state.start = state.last = JSON.stringify(read(form));
    }
    document.querySelectorAll(`[data-draft-note="${CSS.escape(name)}"]`).forEach((node) => node.remove());
    (window.simpul.cleared ||= []).push(name); // offline/watch.js drops its copy too
    document.dispatchEvent(new CustomEvent("draft-cleared"));
  }
  function watch(form) {
    if (forms.has(form)) return;
    const start = JSON.stringify(read(form));
    forms.set(form, { start, last: start });
    if (isOpen) restore(form);
  }
  function restore(form) {
    const { start } = forms.get(form);
    const draft = known.get(place(form.dataset.draft));
    if (!draft || blank(draft.values) || JSON.stringify(draft.values) === start) return;
    const typed = JSON.stringify(read(form)) === start ? [] : read(form); // in the moment of opening
    form.dispatchEvent(new CustomEvent("draft-found", { detail: { values: draft.values } }));
    write(form, draft.values);
    const before = JSON.parse(start);
    write(form, typed.filter((one, n) => JSON.stringify(one) !== JSON.stringify(before[n])));
    forms.get(form).last = JSON.stringify(read(form));
    const at = new Date(draft.at);
    const time = `${String(at.getHours()).padStart(2, "0")}.${String(at.getMinutes()).padStart(2, "0")}`;
    const note = document.createElement("p");
    note.className = "draft-note";
    note.dataset.draftNote = form.dataset.draft;
    note.dataset.uji = "draf-pulih";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.dataset.uji = "draf-hapus";
    button.textContent = window.simpul.text("hapus-draf");
    button.addEventListener("click", () => {
      write(form, before);
      clear(form.dataset.draft);
      window.simpul.say(window.simpul.text("draf-dihapus"));
    });
    note.append(window.simpul.text("draf").replace("{time}", time), " ", button);
    form.prepend(note);
    window.simpul.say(note.firstChild.textContent);
  }

  // --- Everybody's, by age; this person's, opened ----------------------------------------------------
  const isOld = (draft) => !draft || !(Date.now() - draft.at < KEEP_MS);
  function prune() {
    for (const name of Object.keys(shelf)) if (name.startsWith(prefix) && isOld(shelved(name))) drop(name);
  }
  async function open(name) {
    const found = shelved(name);
    const draft = await unseal(found);
    if (shelf.getItem(name) === null) return; // saved at the server meanwhile
    if (!draft || blank(draft.values)) { drop(name); return; }
    known.set(name, draft);
    if (isSealed && found.values) put(name, draft.at, draft.values); // from before drafts were sealed
  }
  async function begin() {
    if (isSealed) {
      key = await crypto.subtle.importKey("raw", bytesOf(draftKey), "AES-CTR", false, ["encrypt", "decrypt"]);
      stream = await makeStream();
    }
    for (const name of Object.keys(shelf)) if (name.startsWith(mine)) await open(name);
    isOpen = true;
    for (const form of forms.keys()) restore(form);
  }
  const scan = (root) => {
    for (const node of root.querySelectorAll("[data-draft-clear]")) clear(node.dataset.draftClear);
    root.querySelectorAll("form[data-draft]").forEach(watch);
  };
  const saveAll = () => { for (const form of forms.keys()) save(form); };

  prune();
  scan(document);
  begin();
  setInterval(saveAll, EVERY_MS);
  window.addEventListener("pagehide", saveAll);
  document.addEventListener("visibilitychange", saveAll);
  // Another tab of this person keeps drafts too.
  window.addEventListener("storage", ({ key: name, newValue, storageArea }) => {
    if (storageArea !== shelf || !name?.startsWith(mine) || !isOpen) return;
    if (newValue === null) known.delete(name); else open(name);
  });
  // A swap takes the form away: what was typed since the last look goes into its draft first.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.querySelector?.("form[data-draft]")) saveAll();
  });
  document.addEventListener("submit", (event) => {
    saveAll();
    if (!event.target.matches("[data-logout]")) return;
    prune();
    if (!isSealed) for (const name of Object.keys(shelf)) if (name.startsWith(prefix)) drop(name);
  }, true);
  document.addEventListener("draft-saved", (event) => clear(event.detail?.value ?? event.detail));
  document.addEventListener("htmx:load", (event) => scan(event.detail.elt.parentElement || document));
})();
