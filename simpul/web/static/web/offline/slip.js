/* The slip of a visit written here: 58 mm, number, unit, short name, square code; printed from this page.
 *
 *   luring.slip.print(item)   item of the outbox with its body; the ticket holds without the printer
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  // Strangers read slips that lie about: the first name, the others as initials.
  const shortName = (name) => { const [first, ...rest] = name.split(/\s+/); return [first, ...rest.map((word) => `${word[0]}.`)].join(" "); };
  function print(item) {
    const { visit, name } = item.body;
    const box = document.getElementById("luring-slip");
    const unit = luring.desk.unit(visit.unit);
    const slip = luring.view.make("luring-slip-isi", {
      ticket: visit.ticket || luring.say("l-tanpa-nomor"), unit: unit?.name || visit.unit, room: unit?.room || "",
      name: shortName(name), day: luring.dates.format(luring.today()), at: luring.told(item.typed_at),
    });
    luring.view.$("[data-code]", slip).append(luring.qr.svg(`AQ:${item.id.replaceAll("-", "").toUpperCase()}`));
    box.replaceChildren(slip);
    box.hidden = false;
    window.print();
  }
  window.addEventListener("afterprint", () => { document.getElementById("luring-slip").hidden = true; });
  luring.slip = { print, shortName };
})();
