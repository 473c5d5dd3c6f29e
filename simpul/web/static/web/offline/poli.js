/* The poli without a server: the last queue it saw, and SOAP drafts that are sent as drafts.
 *
 *   await luring.ward.start()                              units whose queue was seen on this computer
 *   await luring.ward.open({unit, encounter, soap, at})    a unit, and a patient of its queue
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const { view } = luring;
  const $ = (selector, root = document) => root.querySelector(selector);
  let queue = null;
  let now = null;

  const waitingWords = { "in-service": "dilayani", saved: "menunggu", shown: "menunggu", opened: "menunggu", waiting: "menunggu" };
  async function showUnit(code) {
    queue = await luring.copying.queue(code);
    $("[data-unit-name]").textContent = luring.desk.unit(code)?.name || code;
    $("[data-unit-pick]").value = code;
    $("[data-queue-at]").textContent = queue ? luring.say("l-antrean-pukul", { time: luring.clock(queue.at) }) : luring.say("l-antrean-kosong");
    const list = $("#luring-antrean");
    list.replaceChildren(...(queue?.rows || []).map((row) => {
      const line = view.make("luring-antri", { ticket: row.ticket, name: row.name, age: [view.sexLetter(row.sex), row.age].filter(Boolean).join(" "), mrn: row.mrn, state: waitingWords[row.stage] || "" });
      line.id = `antre-${row.encounter}`;
      line.addEventListener("click", () => openRow(row));
      return line;
    }));
    view.settled(list);
    list.focus();
  }
  async function openRow(row, { soap = null, at = 0 } = {}) {
    now?.draft.stop();
    const { code, text } = row.allergy || {};
    const pane = view.make("luring-soap", {
      name: row.name, sex: view.sexLetter(row.sex), age: row.age, mrn: row.mrn, complaint: row.complaint || "",
      allergic: code === "recorded" ? text : "", none: code === "none_known" ? text : "", unasked: code === "not_asked", unread: !code || code === "unreadable",
      asof: code ? luring.say("l-alergi-pukul", { time: luring.clock(queue.at) }) : "",
    });
    view.put($("#luring-rekam"), pane);
    const form = $("[data-soap-form]");
    const key = `soap:${row.encounter}`;
    const kept = await luring.keeping.read(key);
    const values = soap || kept?.values;
    if (values && luring.keeping.fill(form, values)) {
      const line = $("[data-restored]", pane);
      line.hidden = false;
      line.textContent = luring.say(soap ? "l-terbawa" : "l-draf", { time: luring.clock(soap ? at : kept.at) });
      line.dataset.uji = "draf-pulih";
    }
    now = { row, form, unit: $("[data-unit-pick]").value, draft: luring.keeping.watch(form, key) };
    if (soap) luring.keeping.write(key, luring.keeping.valuesOf(form), form);
    luring.keeping.write("tempat", { unit: now.unit, encounter: row.encounter });
    document.querySelectorAll("#luring-antrean [aria-current]").forEach((line) => line.removeAttribute("aria-current"));
    document.getElementById(`antre-${row.encounter}`)?.setAttribute("aria-current", "true");
    form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
    form.elements.s.focus();
  }
  async function save() {
    const soap = Object.fromEntries(Object.entries(luring.keeping.valuesOf(now.form)).map(([name, text]) => [name, text.trim()]));
    const pesan = $("#pesan");
    if (!Object.values(soap).some(Boolean)) { view.put(pesan, view.message({ tone: "warning", title: luring.say("l-draf-kosong") })); return; }
    try {
      await luring.outbox.add("soap-draft", { encounter: now.row.encounter, unit: now.unit, soap, name: now.row.name });
    } catch (error) {
      view.put(pesan, view.message({ tone: "danger", title: luring.say("l-penuh"), uji: "luring-penuh" }));
      if (!luring.store.isFull(error)) throw error;
      return;
    }
    // The text stays in its draft until the next one is opened; saved again it is another, later draft.
    view.put(pesan, view.message({ tone: "success", title: luring.say("l-draf-tersimpan", { name: now.row.name }), uji: "luring-draf-tersimpan" }));
    await now.draft.drop();
    now = null;
    luring.keeping.drop("tempat");
    $("#luring-rekam").replaceChildren();
    $("#luring-antrean").focus();
    luring.listing.draw();
    luring.shell.trySending();
  }
  async function open({ unit, encounter, soap, at } = {}) {
    luring.shell.tab("poli");
    await showUnit(unit);
    const row = queue?.rows.find((one) => one.encounter === encounter);
    if (row) await openRow(row, { soap, at });
  }
  async function start() {
    const seen = await luring.copying.queues();
    const select = $("[data-unit-pick]");
    select.replaceChildren(...seen.map((code) => new Option(luring.desk.unit(code)?.name || code, code)));
    select.hidden = seen.length < 2;
    select.onchange = () => showUnit(select.value);
    return seen;
  }
  luring.ward = { start, open, showUnit };
})();
