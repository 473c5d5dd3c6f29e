/* One act happens once, however often it is sent.
 *
 *   <input type="hidden" name="op" autocomplete="off">   in a form: gets a UUIDv7 when empty; the same
 *                        value goes out as the header Idempotency-Key; a new one only after success
 *   form[data-enter-submit]   a second submit is refused while the first is on its way
 *   hx-post on a button without a form: one key for each button, renewed after success
 */
(() => {
  "use strict";
  const uuid7 = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let now = Date.now();
    for (let i = 5; i >= 0; i -= 1) { bytes[i] = now % 256; now = Math.floor(now / 256); }
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };
  const fill = (root) => {
    for (const field of root.querySelectorAll('input[type="hidden"][name="op"]')) if (!field.value) field.value = uuid7();
  };
  const keys = new WeakMap(); // for elements that post by themselves
  // A field that asks while typing (candidates, echo) is a question, not an act: it carries no key.
  const isAct = (elt) => elt.matches("form,button,a") && !elt.hasAttribute("data-no-op");
  const fieldOf = (elt) =>
    elt.matches("form,[type=submit],button:not([type])") ? elt.closest("form")?.elements.namedItem("op") : null;
  const keyOf = (elt) => {
    const field = fieldOf(elt);
    if (field) return (field.value ||= uuid7());
    if (!keys.has(elt)) keys.set(elt, uuid7());
    return keys.get(elt);
  };
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, verb, headers, parameters } = event.detail;
    if (verb === "get") return;
    // Only the form's own act may use up the form's key.
    if (!isAct(elt) || !fieldOf(elt)) delete parameters.op;
    if (!isAct(elt)) return;
    headers["Idempotency-Key"] = keyOf(elt);
    if (fieldOf(elt)) parameters.op = headers["Idempotency-Key"];
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful, requestConfig } = event.detail;
    elt.closest("form")?.removeAttribute("data-busy");
    if (!successful || requestConfig?.verb === "get" || !isAct(elt)) return;
    const field = fieldOf(elt);
    if (field) field.value = uuid7();
    keys.delete(elt);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-enter-submit]")) return;
    if (form.hasAttribute("data-busy")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.setAttribute("data-busy", "");
    setTimeout(() => form.removeAttribute("data-busy"), 20000); // a form must not stay dead for ever
  }, true);
  // Back to a page the browser kept: the act was answered, the next one is another act.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-busy]")) form.removeAttribute("data-busy");
    for (const field of document.querySelectorAll('input[name="op"]')) field.value = uuid7();
  });
  window.simpul.uuid7 = uuid7;
  fill(document);
  document.addEventListener("htmx:load", (event) => fill(event.detail.elt.parentElement || document));
})();
