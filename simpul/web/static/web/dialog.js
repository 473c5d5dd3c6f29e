/* Native dialogs: the browser keeps the focus inside and gives it back.
 *
 *   data-open="#id"      button that opens a <dialog>
 *   data-dialog-auto     on a <dialog>: opens when it arrives (page load or swap)
 *   data-close           button inside that closes it; Esc does the same
 *   data-remove          on a <dialog>: taken out of the page when closed
 */
(() => {
  "use strict";
  const show = (dialog) => {
    if (!dialog || dialog.open) return;
    dialog.showModal();
    // Not the first answer: Enter out of habit must choose nothing.
    dialog.tabIndex = -1;
    (dialog.querySelector("[autofocus]") || dialog).focus();
  };
  const auto = (root) => root.querySelectorAll("dialog[data-dialog-auto]:not([open])").forEach(show);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) show(document.querySelector(opener.dataset.open));
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  });
  document.addEventListener("close", (event) => {
    const dialog = event.target;
    dialog.removeAttribute("data-dialog-auto"); // answered once; a later swap must not reopen it
    if (dialog.hasAttribute("data-remove")) dialog.remove();
  }, true);
  // A swap that answers the dialog from outside of it also closes it.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.requestConfig?.verb !== "get") event.detail.elt.closest("dialog")?.close();
  });
  auto(document);
  document.addEventListener("htmx:load", (event) => auto(event.detail.elt.parentElement || document));
})();
