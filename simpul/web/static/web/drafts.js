/* Nothing typed is lost: reload, power cut and Esc come back to it.
 *
 *   form[data-draft="pasien-baru"]   kept in this browser every 2 s while it changes
 *   data-draft-off on a field        never kept (passwords, hidden and file fields never are)
 *   data-draft-clear="KEY"           in a page or fragment: the server has it, the draft goes
 *   response header HX-Trigger: {"draft-saved": "KEY"}   the same
 *   form[data-logout]                at log-out, drafts older than the limit go too
 *
 * A draft belongs to body[data-person]: someone else at this PC neither sees nor restores it. It may
 * hold what was written about a patient, so it lives 72 hours at most.
 */
(() => {
  "use strict";
  const EVERY_MS = 2000;
  const KEEP_MS = 72 * 3600 * 1000;
  const person = document.body.dataset.person || "";
  const prefix = "simpul:draft:";
  const place = (key) => `${prefix}${person}:${key}`;
  const store = {
    get(name) { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(name, JSON.stringify(value)); return true; } catch { return false; } },
    drop(name) { try { localStorage.removeItem(name); } catch { /* storage switched off */ } },
  };

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

  const forms = new Map(); // form → { start, last }
  function save(form) {
    const state = forms.get(form);
    if (!form.isConnected) { forms.delete(form); return; }
    const now = JSON.stringify(read(form));
    if (now === state.last) return;
    state.last = now;
    if (now === state.start) store.drop(place(form.dataset.draft));
    else store.set(place(form.dataset.draft), { at: Date.now(), values: JSON.parse(now) });
  }
  function clear(key) {
    store.drop(place(key));
    for (const [form, state] of forms) {
      if (form.dataset.draft === key) state.start = state.last = JSON.stringify(read(form));
    }
    document.querySelectorAll(`[data-draft-note="${CSS.escape(key)}"]`).forEach((node) => node.remove());
  }

  function watch(form) {
    if (forms.has(form)) return;
    const start = JSON.stringify(read(form));
    forms.set(form, { start, last: start });
    const draft = store.get(place(form.dataset.draft));
    if (!draft || blank(draft.values) || JSON.stringify(draft.values) === start) return;
    write(form, draft.values);
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
      write(form, JSON.parse(start));
      clear(form.dataset.draft);
      window.simpul.say(window.simpul.text("draf-dihapus"));
    });
    note.append(window.simpul.text("draf").replace("{time}", time), " ", button);
    form.prepend(note);
    window.simpul.say(note.firstChild.textContent);
  }

  function prune() {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(prefix)) continue;
      const draft = store.get(name);
      if (!draft || blank(draft.values || []) || Date.now() - draft.at > KEEP_MS) store.drop(name);
    }
  }
  const scan = (root) => {
    for (const node of root.querySelectorAll("[data-draft-clear]")) clear(node.dataset.draftClear);
    root.querySelectorAll("form[data-draft]").forEach(watch);
  };
  const saveAll = () => { for (const form of forms.keys()) save(form); };

  try { prune(); } catch { return; } // no storage in this browser: the page works without drafts
  scan(document);
  setInterval(saveAll, EVERY_MS);
  window.addEventListener("pagehide", saveAll);
  document.addEventListener("visibilitychange", saveAll);
  // A swap takes the form away: what was typed since the last look goes into its draft first.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.querySelector?.("form[data-draft]")) saveAll();
  });
  document.addEventListener("submit", (event) => { saveAll(); if (event.target.matches("[data-logout]")) prune(); }, true);
  document.addEventListener("draft-saved", (event) => clear(event.detail?.value ?? event.detail));
  document.addEventListener("htmx:load", (event) => scan(event.detail.elt.parentElement || document));
})();
