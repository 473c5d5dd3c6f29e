/* The offline counter's frame: search box, rows, what the packet holds, and the way between the panes.
 *
 *   await luring.desk.start()       reads the packet, opens the copy, comes back to where one was
 *   luring.desk.units() · unit(code) · table() · villages() · saved(item, unit, ticket)
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const { view } = luring;
  const $ = (selector, root = document) => root.querySelector(selector);
  const WAIT_MS = 60;
  let packet = null;
  let table = null;
  let copiedAt = "";
  let asked = 0;
  let timer = 0;
  const box = () => $("#id_q");

  function ready() {
    luring.visit.close();
    luring.newcomer.close();
    if (luring.people.count()) $("#pesan").replaceChildren(); // without a copy, that stays said
    view.put($("#kerja"), view.make("luring-kosong", { text: luring.say("l-siap") }));
    box().value = "";
    rows({ rows: [], kind: "empty" }, "");
    luring.keeping.drop("tempat");
    box().focus();
  }
  function rows(found, text) {
    const list = $("#hasil");
    list.replaceChildren(...found.rows.map((row) => {
      const { person } = row;
      const last = person.last_unit ? `· kunjungan akhir ${unit(person.last_unit)?.name || person.last_unit}` : "";
      const line = view.make("luring-baris", { name: person.name, sex: view.sexLetter(person.sex), born: view.born(person), place: view.place(person), mrn: person.mrn || "–", last, similar: row.similar, deceased: person.deceased });
      line.id = `p-${person.id}`;
      if (row.exact && !row.opens) line.dataset.exact = "";
      line.addEventListener("click", () => luring.visit.open(person));
      return line;
    }));
    list.dataset.answers = text;
    $("#hasil-jumlah").textContent = found.rows.length ? luring.say("l-jumlah", { count: found.rows.length })
      : text.trim().length < 2 ? luring.say("l-siap") : luring.say({ ticket: "l-slip-lama", card: "l-kartu" }[found.kind] || "l-tak-ada");
    view.settled(list, { q: text });
  }
  async function search() {
    const text = box().value;
    const turn = (asked += 1);
    const started = performance.now();
    const found = text.trim() ? await luring.people.find(text, luring.today()) : { rows: [], kind: "empty" };
    luring.desk.took = performance.now() - started;
    if (turn !== asked) return;
    rows(found, text);
    const own = found.rows.find((row) => row.opens);
    if (own) luring.visit.open(own.person);
  }
  const unit = (code) => packet?.units?.find((one) => one.code === code);
  const units = () => (packet?.units || []).filter((one) => one.takes_patients !== false);

  function saved(item, where, ticket) {
    const done = view.make("luring-tersimpan", { name: item.body.name, ticket: ticket?.label || luring.say("l-tanpa-nomor"), unit: where.name });
    done.dataset.savedItem = item.id;
    luring.visit.close();
    const id = item.body.patient || item.body.patient_id;
    luring.keeping.drop(`baru:${id}`);
    const person = luring.people.byId(id);
    if (person) Object.assign(person, { last_unit: where.code, payer: item.body.visit.payer });
    view.put($("#kerja"), done);
    $("[data-state-words]", done).textContent = `${luring.listing.words(item)}.`;
    $("[data-print]", done).addEventListener("click", () => luring.slip.print(item));
    $("[data-undo]", done).addEventListener("click", () => undo(item));
    window.simpul.say(`${ticket?.label || ""} ${where.name}`);
    if (!ticket) view.put($("#pesan"), view.message({ tone: "warning", title: luring.say("l-nomor-habis") }));
    else $("#pesan").replaceChildren();
    luring.keeping.drop("tempat");
    box().value = "";
    rows({ rows: [], kind: "empty" }, "");
    box().focus();
    luring.listing.draw();
    luring.shell.trySending();
  }
  /* The wrong poli, noticed in time: nothing of it has left this computer, so it is as if never given out. */
  async function undo(item) {
    const { visit, name, ...pending } = item.body;
    const ticket = visit.ticket || luring.say("l-tanpa-nomor");
    const done = await luring.outbox.withdraw(item.id);
    view.put($("#pesan"), view.message({ tone: done ? "info" : "warning", title: luring.say(done ? "l-diurungkan" : "l-sudah-dikirim", { ticket, name }), uji: done ? "loket-dibatalkan" : "luring-sudah-dikirim" }));
    if (!done) return;
    let person = luring.people.byId(pending.patient);
    if (pending.patient_id) {
      person = { ...(await personOf(item)), pending };
      await luring.keeping.write(`baru:${person.id}`, person);
      luring.people.put(person);
    }
    const { complaint, payer, priority, pregnant } = visit;
    luring.visit.open(person, { typed: { complaint, payer, priority, pregnant: pregnant ? "ya" : "tidak" }, note: "l-isian-tadi" });
  }
  function unknownPerson() {
    luring.newcomer.open({ note: "l-terbawa", at: Date.now(), typed: { name: `TIDAK DIKENAL ${luring.clock(Date.now())}`, no_nik_reason: "unknown", village: "Tidak diketahui" } });
  }

  async function start() {
    packet = await luring.copying.packet();
    if (packet) luring.at = { skew: packet.skew || 0, timezone: packet.timezone };
    table = packet?.rules?.rules ? luring.placement.table(packet.rules) : null;
    copiedAt = packet ? luring.clock(packet.at) : "";
    const place = $("[data-copied]");
    await luring.people.load((count) => { place.textContent = luring.say("l-membuka", { count }); });
    for (const item of await luring.outbox.list()) if (item.body?.patient_id && item.state === "waiting") luring.people.put(await personOf(item));
    for (const person of await luring.keeping.all("baru:")) luring.people.put(person);
    place.textContent = luring.people.count() ? luring.say("l-salinan", { time: copiedAt, count: luring.people.count() }) : "";
    if (!luring.people.count()) view.put($("#pesan"), view.message({ tone: "warning", title: luring.say("l-tanpa-salinan") }));
    $("#id_q").dispatchEvent(new Event("input", { bubbles: true })); // typed while the copy was being opened
  }
  async function personOf({ body }) {
    let born = { value: "", estimated: false };
    try { born = luring.dates.read(body.patient.birth_date, luring.today()); } catch { /* the server will say so */ }
    const { village, rt, rw, sex, mother_name } = body.patient;
    return { id: body.patient_id, mrn: body.mrn ? String(body.mrn).padStart(packet?.mrn_width || 6, "0") : "", name: body.name, birth_date: born.value || "", birth_date_estimated: born.estimated, sex, village, rt, rw, mother_name: (mother_name || "").toUpperCase(), payer: body.visit.payer, last_unit: body.visit.unit, local: true, ...(await luring.people.hashes(body.patient)) };
  }
  /* Back to where this person was: what was carried over from the page, else what lay open here. */
  async function resume() {
    const carried = await luring.keeping.read("bawaan");
    await luring.keeping.drop("bawaan");
    const place = (await luring.keeping.read("tempat"))?.values;
    if (carried) {
      const { q, patient, visit, newcomer, unit: poli, encounter, soap } = carried.values;
      if (poli) return luring.ward.open({ unit: poli, encounter, soap, at: carried.at });
      if (newcomer) return luring.newcomer.open({ typed: newcomer, at: carried.at, note: "l-terbawa" });
      if (patient && luring.people.byId(patient)) return luring.visit.open(luring.people.byId(patient), { typed: visit, at: carried.at, note: "l-terbawa" });
      if (q) { box().value = q; box().focus(); return search(); }
    } else if (place?.pane === "pasien-baru") return luring.newcomer.open();
    else if (place?.patient && luring.people.byId(place.patient)) return luring.visit.open(luring.people.byId(place.patient));
    else if (place?.unit) return luring.ward.open(place);
    const opened = /^\/loket\/pasien\/([0-9a-f-]{36})/.exec(location.pathname);
    if (opened && luring.people.byId(opened[1])) return luring.visit.open(luring.people.byId(opened[1]));
    if (location.pathname.startsWith("/pasien/baru")) return luring.newcomer.open();
    return ready();
  }

  document.addEventListener("input", (event) => {
    if (event.target.id !== "id_q") return;
    clearTimeout(timer);
    timer = setTimeout(search, WAIT_MS);
  });
  document.addEventListener("search", (event) => { if (event.target.id === "id_q") { clearTimeout(timer); search(); } }, true);
  document.addEventListener("submit", (event) => { if (event.target.id === "cari") event.preventDefault(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) ready();
    else if (event.target.closest("[data-new]")) {
      const text = box().value.trim();
      luring.newcomer.open({ typed: text ? luring.newcomer.fromSearch(text) : null });
    } else if (event.target.closest("[data-unknown]")) unknownPerson();
  });
  luring.desk = {
    start, resume, ready, unit, units, saved, search, table: () => table, villages: () => packet?.villages || [], took: 0,
    matchedWith: () => (copiedAt ? luring.say("l-dicocokkan", { time: copiedAt }) : luring.say("l-tanpa-salinan")),
    code: () => packet?.block?.code || luring.keyring.code || "–",
  };
})();
