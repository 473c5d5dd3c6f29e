/* Keys of the house. Every one is printed on its button; browser and screen-reader keys stay free.
 *
 *   data-key="F9"        button or link: F4, F8, F9 (also F2, Esc) clicks it when it can be seen
 *   data-key-find        the search box: F2 focuses it and marks its text
 *   data-arm             content that just appeared ignores Enter, F8, F9 and digits for 300 ms
 *   data-arm="KEY"       the same, but drawn anew with the same KEY it is no new content
 *   data-digits          open list of numbered choices; digits click [data-digit="1"] in it
 *   form[data-enter-next]    Enter goes to the next field, after the last to the submit button
 *   textarea keeps Enter; a held key does nothing after its first stroke
 */
(() => {
  "use strict";
  const HOUSE = new Set(["F2", "F4", "F8", "F9", "Escape"]);
  const ARM_MS = 300;
  const SCAN_GAP_MS = 80;
  let chosen = 0;
  const seen = (node) => node.getClientRects().length > 0 && !node.disabled && node.ariaDisabled !== "true";
  const isText = (node) =>
    node.matches?.("textarea,select,[contenteditable=true]") ||
    (node.matches?.("input") && !["button", "submit", "radio", "checkbox", "reset"].includes(node.type));
  const openDialog = () => [...document.querySelectorAll("dialog[open]")].pop();

  // --- Arming: what has just appeared cannot be answered by a key that was already on its way ----
  const born = new WeakMap();
  const note = (root) => {
    const found = root.matches?.("[data-arm]") ? [root, ...root.querySelectorAll("[data-arm]")] : root.querySelectorAll("[data-arm]");
    for (const node of found) {
      if (node.matches("dialog:not([open])") || born.has(node)) continue;
      const key = node.dataset.arm;
      const at = (key && since.get(key)) || performance.now();
      born.set(node, at);
      if (key) since.set(key, at);
    }
  };
  // A live refresh draws a queue anew many times in a busy hour; a key pressed then must count.
  const since = new Map();
  const forget = () => {
    for (const key of since.keys()) if (!document.querySelector(`[data-arm="${CSS.escape(key)}"]`)) since.delete(key);
  };
  note(document);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") {
        if (change.target.matches("dialog[data-arm][open]")) born.set(change.target, performance.now());
        continue;
      }
      for (const node of change.addedNodes) if (node.nodeType === 1) note(node);
    }
    forget();
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["open"] });
  const tooSoon = (node) => {
    const box = node?.closest?.("[data-arm]");
    return Boolean(box) && performance.now() - (born.get(box) ?? 0) < ARM_MS;
  };

  const stop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  const press = (node) => { node.focus({ preventScroll: true }); node.click(); };

  function houseKey(event) {
    const scope = openDialog() || document;
    if (event.key === "Escape" && scope !== document) return; // the dialog closes by itself
    const name = event.key === "Escape" ? "Esc" : event.key;
    const targets = [...scope.querySelectorAll(`[data-key="${name}"]`)].filter(seen);
    const find = event.key === "F2" && [...scope.querySelectorAll("[data-key-find]")].find(seen);
    if (!targets.length && !find) return;
    stop(event);
    if (event.repeat) return;
    if (find) { find.focus(); find.select?.(); return; }
    if (!tooSoon(targets[0])) press(targets[0]);
  }

  function digit(event) {
    const dialog = openDialog();
    const boxes = dialog ? [dialog] : [...document.querySelectorAll("[data-digits]")].filter(seen);
    if (isText(event.target)) return; // a number being written stays a number
    for (const box of boxes.reverse()) {
      const choice = [...box.querySelectorAll(`[data-digit="${event.key}"]`)].find(seen);
      if (!choice) continue;
      stop(event);
      if (event.repeat || tooSoon(choice)) return;
      // A scanner's first digit must not choose: wait whether more follows at its speed.
      chosen = setTimeout(() => press(choice), SCAN_GAP_MS);
      return;
    }
  }

  function enter(event) {
    const target = event.target;
    if (target.matches("textarea")) return;
    if (event.repeat || tooSoon(target)) { stop(event); return; }
    const form = target.closest("form[data-enter-next]");
    if (!form || !isText(target) || event.defaultPrevented) return;
    stop(event);
    const fields = [...form.elements].filter((node) => (isText(node) || node.type === "submit") && node.type !== "hidden" && !node.readOnly && seen(node));
    const next = fields[fields.indexOf(target) + 1];
    next?.focus();
    if (next && next.type !== "submit") next.select?.();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    clearTimeout(chosen);
    if (HOUSE.has(event.key)) houseKey(event);
    else if (event.key === "Enter") enter(event);
    else if (/^\d$/.test(event.key) && !event.shiftKey) digit(event);
  }, true);
})();
