/* Paper: the print window opens by itself, and again by its button.
 *
 *   <body data-print>       opens the print window when the page is ready
 *   [data-print-button]     opens it again
 */
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print-button]")) window.print();
  });
  if (document.body.hasAttribute("data-print")) window.addEventListener("load", () => window.print());
})();
