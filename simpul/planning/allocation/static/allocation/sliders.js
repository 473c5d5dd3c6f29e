/* Sliders: a range beside a number field moves it, and is moved by it.
 *
 *   <input type="range" data-slides="#id">   hidden until this runs; the number field is what is sent
 *
 *   <select data-whole>                      its choice changes the levers: the whole page comes anew
 *
 * Without this script the number field alone does the same.
 */
(() => {
  "use strict";
  const bind = (range) => {
    const field = document.querySelector(range.dataset.slides);
    if (!field || range.dataset.bound) return;
    range.dataset.bound = "1";
    range.hidden = false;
    range.value = field.value || "0";
    range.addEventListener("input", () => {
      field.value = range.value;
    });
    field.addEventListener("input", () => {
      range.value = field.value || "0";
    });
  };
  const all = () => document.querySelectorAll("input[type=range][data-slides]").forEach(bind);
  document.querySelectorAll("[data-whole]").forEach((choice) => {
    choice.addEventListener("change", (event) => {
      event.stopPropagation();
      choice.form.submit();
    });
  });
  document.addEventListener("htmx:afterSwap", all);
  all();
})();
