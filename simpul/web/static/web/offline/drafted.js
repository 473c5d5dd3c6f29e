/* A SOAP draft written without the server comes back into the record it belongs to.
 *
 * When a record whose boxes nobody touched opens, the person's own drafts of it that reached the server are asked
 * for; the newest fills the boxes. It is signed only by the person's own save, as everything typed is.
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  if (!luring.call) return;
  const BOXES = ["s", "o", "a", "p"];
  const asked = new WeakSet();
  async function look() {
    const form = document.querySelector("#rekam-isian");
    const encounter = form?.closest("[data-encounter]")?.dataset.encounter;
    if (!encounter || asked.has(form) || form.closest(".mend")) return; // a signed record is mended, not begun
    asked.add(form);
    const answer = await luring.call(`/luring/draf/${encounter}`);
    const newest = answer.body?.drafts?.[0]; // the newest comes first
    const boxes = BOXES.map((name) => form.elements[name]).filter(Boolean);
    // Empty, or filled only with what the counter had asked.
    const untouched = (box) => !box.value.trim() || (box.value === box.defaultValue && document.querySelector(`#id_${box.name}-asal:not([hidden])`));
    if (!newest || !form.isConnected || !boxes.length || !boxes.every(untouched)) return;
    for (const box of boxes) {
      box.value = newest.soap?.[box.name] || "";
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const note = Object.assign(document.createElement("p"), { className: "draft-note", textContent: luring.say("l-draf-luring", { time: luring.clock(newest.typed_at) }) });
    note.dataset.uji = "draf-luring";
    form.prepend(note);
  }
  document.addEventListener("htmx:afterSettle", look);
  look();
})();
