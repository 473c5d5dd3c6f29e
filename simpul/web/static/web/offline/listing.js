/* What was written in this computer, each with how far it came; nothing is called sent before the server said so.
 *
 *   luring.listing.draw()            the list under the search, newest first
 *   luring.listing.words(item)       "Tersimpan di komputer ini → Tersimpan di server → Tampil di poli"
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const STEPS = ["waiting", "saved", "shown"];
  const shown = new Set(); // visits whose row the poli has acknowledged
  const stateOf = (item) => (item.state === "saved" && shown.has(item.answer?.encounter) ? "shown" : item.state);
  function words(item) {
    const state = stateOf(item);
    if (!STEPS.includes(state)) return luring.say(`l-state-${state}`);
    const reached = STEPS.slice(0, STEPS.indexOf(state) + 1).map((step) => luring.say(`l-state-${step}`)).join(" → ");
    const number = item.answer?.ticket && item.body?.visit?.ticket && item.answer.ticket !== item.body.visit.ticket
      ? ` · ${luring.say("l-nomor-berubah", { ticket: item.answer.ticket })}` : "";
    return reached + number;
  }
  function row(item) {
    const mine = item.typed_by === luring.keyring.person?.id;
    const { body } = item;
    const kind = item.kind === "soap-draft" ? "l-soap" : item.kind === "visit" ? "l-kunjungan" : "l-pasien-baru";
    const line = luring.view.make("luring-butir", {
      ticket: body?.visit?.ticket || "–", name: body?.name || luring.say("l-orang-lain"),
      what: [body?.visit ? luring.desk.unit(body.visit.unit)?.name : "", luring.say(kind)].filter(Boolean).join(" · "),
      by: mine ? "" : item.typed_name, why: item.answer?.why || "", at: luring.told(item.typed_at),
    });
    line.dataset.state = stateOf(item);
    line.dataset.item = item.id;
    if (item.state === "refused" || item.state === "held") line.classList.add("is-late");
    line.querySelector("[data-state-words]").textContent = words(item);
    return line;
  }
  async function draw() {
    const box = document.getElementById("luring-daftar");
    if (!luring.keyring.box) { box.replaceChildren(); return; }
    const items = await luring.outbox.list();
    if (!items.length) {
      const empty = document.createElement("p");
      empty.className = "row-sub";
      empty.textContent = luring.say("l-kosong-daftar");
      box.replaceChildren(empty);
    } else {
      const list = document.createElement("ul");
      list.className = "rows";
      list.append(...items.reverse().slice(0, 30).map(row));
      box.replaceChildren(list);
    }
    const now = items.find((item) => item.id === document.querySelector("[data-saved-item]")?.dataset.savedItem);
    if (now) document.querySelector("[data-saved-item] [data-state-words]").textContent = `${words(now)}.`;
  }
  /* "Tampil di poli" is said by the poli's screen; the server knows it for each visit. */
  async function askShown() {
    const items = (await luring.outbox.list()).filter((item) => item.state === "saved" && item.answer?.encounter && !shown.has(item.answer.encounter));
    for (const item of items.slice(-10)) {
      const answer = await luring.call(`/api/v1/encounters/${item.answer.encounter}`);
      if (answer.body?.trail?.some((step) => step.step === "shown" && step.at)) shown.add(item.answer.encounter);
    }
    if (items.length) await draw();
    return items.length;
  }
  luring.listing = { draw, words, askShown };
})();
