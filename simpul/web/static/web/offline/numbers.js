/* Numbers from the block the server gave this computer; drawn once, also between two tabs.
 *
 *   await luring.numbers.ticket(prefix)   {label: "A501", number: 501, prefix} or null when the block is used up
 *   await luring.numbers.mrn()            {number, label} or null · registration() number or null
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const { store } = luring;

  async function draw(name, range, day) {
    if (!range) return null;
    const [from, to] = range;
    let drawn = null;
    await store.change("meta", "drawn", (old) => {
      // Tickets and the registration book begin anew each day; record numbers never do.
      const now = old?.day === day ? old : { day, next: Object.fromEntries(Object.entries(old?.next || {}).filter(([key]) => key === "mrn")) };
      const next = Math.max(now.next[name] || 0, from);
      drawn = next <= to ? next : null;
      return drawn === null ? now : { ...now, next: { ...now.next, [name]: next + 1 } };
    });
    return drawn;
  }
  const today = () => luring.today();
  async function block() { return (await luring.copying.packet())?.block || null; }
  async function ticket(prefix) {
    const own = await block();
    const number = await draw(`ticket:${prefix}`, own?.units?.[prefix], today());
    return number === null ? null : { number, prefix, label: `${prefix}${String(number).padStart(2, "0")}` };
  }
  async function mrn() {
    const own = await block();
    const number = await draw("mrn", own?.mrn, today());
    return number === null ? null : { number, label: `${own.mrn_prefix || ""}${String(number).padStart(own.mrn_width || 6, "0")}` };
  }
  const registration = async () => draw("registration", (await block())?.registration, today());
  luring.numbers = { ticket, mrn, registration };
})();
