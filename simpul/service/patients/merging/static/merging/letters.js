/* Letters that press a button, only while the focus is in the part they belong to.
 *
 *   [data-letters]       the part, with the focus in it or on it
 *   data-letter="G"      button or link in it that the letter presses
 */
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.key.length !== 1) return;
    if (event.target.matches("input:not([type=radio]),select,textarea") || document.querySelector("dialog[open]")) return;
    const part = event.target.closest("[data-letters]");
    const choice = part?.querySelector(`[data-letter="${CSS.escape(event.key.toUpperCase())}"]`);
    if (!choice || choice.disabled) return;
    event.preventDefault();
    choice.click();
  });
  // The letters work at once; the page stays where it is.
  if (document.activeElement === document.body) document.querySelector("[data-letters]")?.focus({ preventScroll: true });
})();
