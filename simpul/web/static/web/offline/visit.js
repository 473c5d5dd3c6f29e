/* The visit of one patient without a server: complaint, suggestion, the check before saving, the number.
 *
 *   await luring.visit.open(person, {typed, at})   the pane; `typed` are values carried over
 *
 * Enter alone saves only when the choice is the suggestion. A number is said only after it was kept.
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const { view } = luring;
  const $ = (selector) => document.querySelector(selector);
  let opened = 0;
  let now = null; // {person, form, draft, empty, asked, busy}

  function unitOptions(select) {
    const add = (value, label, disabled = false) => { const option = new Option(label, value); option.disabled = disabled; select.append(option); };
    select.replaceChildren();
    add("", luring.say("l-ikut-saran"));
    for (const unit of luring.desk.units()) add(unit.code, unit.open ? unit.name : luring.say("l-tutup", { unit: unit.name }), !unit.open);
  }
  const valueOf = (name) => (name in now.form.elements ? now.form.elements[name].value || "" : "");
  function situation() {
    const { person } = now;
    return {
      complaint: valueOf("complaint").slice(0, 300), sex: person.sex, birth_date: person.birth_date, on: luring.today(),
      pregnant: valueOf("pregnant") === "ya", emergency: valueOf("priority") === "1-emergency", age_estimated: person.birth_date_estimated,
    };
  }
  /* Where this visit leads: the suggestion (or who stands in for a closed unit), the choice, what speaks against. */
  function destination(sentTo = "") {
    const it = situation();
    const table = luring.desk.table();
    let suggested = table ? table.suggest(it) : null;
    const isOpen = (code) => Boolean(luring.desk.unit(code)?.open);
    if (suggested && !isOpen(suggested.unit)) {
      const stand = ["umum", "ugd"].find(isOpen);
      const name = luring.desk.unit(suggested.unit)?.name || suggested.unit;
      suggested = stand ? { unit: stand, cluster: "3", rule: `${suggested.rule}-closed`, reason: luring.say("l-tutup-alasan", { unit: name }), call_now: false } : null;
    }
    const going = sentTo || valueOf("unit") || suggested?.unit || "";
    const label = (code) => (code ? `${table ? `${table.label(code, it)} · ` : ""}${luring.desk.unit(code)?.name || code}` : "");
    return { it, suggested, going, label, finding: going && table ? table.impossible(it, going)?.message || "" : "", differs: Boolean(suggested && suggested.unit !== going) };
  }
  function registerWords(to) {
    const name = now.person.name;
    return to.going ? luring.say("l-daftarkan", { name, unit: luring.desk.unit(to.going)?.name || to.going }) : luring.say("l-daftarkan-saja", { name });
  }
  function ask(state, values = {}) {
    now.asked = state;
    view.put($("#verifikasi"), view.make(`luring-v-${state}`, values));
  }
  function idle() {
    const to = destination();
    const said = to.suggested;
    $("#saran").replaceChildren(view.make("luring-saran", { label: said ? to.label(said.unit) : "", reason: said?.reason || "", none: !said, call_now: said?.call_now || "" }));
    const key = `${to.going}|${to.suggested?.unit}|${to.finding}`;
    if (now.asked !== "idle" && key === now.key) return; // an open question stays while its answer is being written
    now.key = key;
    now.empty = false;
    ask("idle", { register: registerWords(to) });
  }
  function pick(words) {
    ask("pick", { why: words });
    const box = $("#verifikasi [data-units]");
    luring.desk.units().filter((unit) => unit.open).slice(0, 9).forEach((unit, at) => {
      const button = document.createElement("button");
      button.type = "submit";
      button.className = "btn";
      button.dataset.step = "pilih";
      button.dataset.unit = unit.code;
      button.dataset.digit = String(at + 1);
      button.dataset.uji = `verifikasi-pilih-${at + 1}`;
      button.textContent = `[${at + 1}] ${unit.name}`;
      box.append(button);
    });
  }
  function choose(to, missing = false) {
    const deceased = Boolean(now.person.deceased);
    ask("choose", {
      deceased, alive: !deceased, going: to.label(to.going), finding: to.finding, suggested: to.suggested ? to.label(to.suggested.unit) : "",
      reason: to.suggested?.reason || "", offer: !deceased && to.differs, unit: luring.desk.unit(to.going)?.name || to.going, register: registerWords(to), missing,
    });
    const reasons = deceased ? [["keliru", luring.say("l-alasan-keliru")]] : [["pendamping", luring.say("l-alasan-pendamping")], ["arahan-dokter", luring.say("l-alasan-dokter")]];
    $("#verifikasi [data-reasons]").append(...reasons.map(([value, words], at) => {
      const label = document.createElement("label");
      label.className = "choice-item";
      const radio = Object.assign(document.createElement("input"), { type: "radio", name: "reason_choice", value: words });
      radio.dataset.uji = at ? `verifikasi-alasan-${value}` : "verifikasi-pilih-2";
      if (!at) radio.dataset.digit = "2";
      label.append(radio, Object.assign(document.createElement("span"), { textContent: words }));
      return label;
    }));
  }
  const reasonGiven = () => ($('#verifikasi [name="reason_choice"]:checked')?.value || $('#verifikasi [name="reason_text"]')?.value || "").trim();

  /* One step of the check; saves when nothing is left to ask. */
  async function check(step, button) {
    const sent = step === "saran" ? destination().suggested?.unit : step === "pilih" ? button.dataset.unit : "";
    if (sent && step === "pilih") now.form.elements.unit.value = sent;
    const to = destination(sent);
    const reason = step === "tetap" ? reasonGiven() : now.reason && now.reasonFor === to.going ? now.reason : "";
    const unit = luring.desk.unit(to.going);
    if (!to.going) return pick(luring.say("l-pilih-poli"));
    if (!unit?.open) return pick(luring.say("l-poli-tutup", { unit: unit?.name || to.going }));
    const needs = step !== "saran" && (to.differs || to.finding) || now.person.deceased || (step === "saran" && to.finding);
    if (needs && !reason) return choose(to, step === "tetap");
    if (step === "tetap") { now.reason = reason; now.reasonFor = to.going; }
    if (!valueOf("complaint").trim() && !now.empty) { now.empty = true; return ask("no-complaint", { register: registerWords(to) }); }
    if (step === "periksa" && now.asked !== "no-complaint") return ask("ready", { differs: to.differs, same: !to.differs, going: to.label(to.going), reason: to.suggested?.reason || "", register: registerWords(to) });
    return save(to, reason);
  }
  async function save(to, reason) {
    if (now.busy) return;
    now.busy = true;
    const { person, draft } = now;
    try {
      const unit = luring.desk.unit(to.going);
      const ticket = await luring.numbers.ticket(unit.prefix);
      const visit = {
        unit: to.going, complaint: valueOf("complaint").trim(), payer: valueOf("payer") || "umum", priority: valueOf("priority"),
        pregnant: luring.desk.table()?.asksPregnancy(to.it) ? valueOf("pregnant") === "ya" : null, override_reason: reason,
        suggestion: to.suggested && { unit: to.suggested.unit, rule: to.suggested.rule, reason: to.suggested.reason },
        ticket: ticket?.label || "", number: ticket?.number ?? null, prefix: unit.prefix, registration: await luring.numbers.registration(),
      };
      // `pending`: somebody new who is not yet at the server goes with the first visit, in one item.
      const item = person.pending
        ? await luring.outbox.add("patient+visit", { ...person.pending, visit, name: person.name })
        : await luring.outbox.add("visit", { patient: person.id, visit, name: person.name });
      delete person.pending;
      await draft.drop();
      luring.desk.saved(item, unit, ticket);
    } catch (error) {
      now.busy = false;
      const box = view.message({ tone: "danger", title: luring.say("l-penuh"), uji: "luring-penuh" });
      view.put(document.getElementById("pesan"), box);
      if (!luring.store.isFull(error)) throw error;
    }
  }
  async function open(person, { typed = null, at = 0, note = "l-draf" } = {}) {
    now?.draft.stop();
    const it = { sex: person.sex, birth_date: person.birth_date, on: luring.today() };
    const pane = view.make("luring-kunjungan", {
      name: person.name, sex: view.sexLetter(person.sex), born: view.born(person), mrn: person.mrn || "–", deceased: person.deceased, local: person.local || "",
      asks_pregnancy: luring.desk.table()?.asksPregnancy(it) ?? false,
    });
    view.put($("#kerja"), pane);
    const form = $("#kunjungan-baru");
    unitOptions(form.elements.unit);
    if (person.payer) luring.keeping.fill(form, { payer: person.payer });
    // At once: what follows waits for the disk, and people do not. An Enter given meanwhile is kept.
    form.elements.complaint.focus();
    const turn = (opened += 1);
    let isReady = () => {};
    const ready = new Promise((resolve) => { isReady = resolve; });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { submitter } = event;
      ready.then(() => turn === opened && now && check(submitter?.dataset.step || "periksa", submitter));
    });
    const key = `kunjungan:${person.id}`;
    const kept = await luring.keeping.read(key);
    if (turn !== opened) return; // somebody else was opened meanwhile
    const values = typed || kept?.values;
    const begun = form.elements.complaint.value;
    if (values && !begun && luring.keeping.fill(form, values) && values.complaint) {
      const line = pane.querySelector("[data-restored]");
      line.hidden = false;
      line.textContent = luring.say(typed ? note : "l-draf", { time: luring.clock(typed ? at : kept.at) });
      line.dataset.uji = "draf-pulih";
    }
    now = { person, form, draft: luring.keeping.watch(form, key), asked: "", key: "", empty: false, busy: false, reason: "", reasonFor: "" };
    if (typed || begun) luring.keeping.write(key, luring.keeping.valuesOf(form), form);
    luring.keeping.write("tempat", { pane: "kunjungan", patient: person.id });
    const waiting = (await luring.outbox.list()).filter((item) => [item.body?.patient, item.body?.patient_id].includes(person.id) && item.body.visit && !["refused", "withdrawn"].includes(item.state));
    if (turn !== opened) return;
    if (waiting.length) {
      const box = pane.querySelector("[data-present]");
      box.hidden = false;
      box.replaceChildren(view.make("luring-sudah", { tickets: waiting.map(({ body }) => `${body.visit.ticket || luring.say("l-tanpa-nomor")} ${luring.desk.unit(body.visit.unit)?.name}`).join(", ") }));
    }
    idle();
    form.addEventListener("input", (event) => { if (!event.target.closest("#verifikasi")) idle(); });
    isReady();
    if (document.activeElement === form.elements.complaint && !begun) form.elements.complaint.setSelectionRange(300, 300);
  }
  luring.visit = { open, close() { opened += 1; now?.draft.stop(); now = null; } };
})();
