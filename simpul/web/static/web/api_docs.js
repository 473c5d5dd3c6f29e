/* Search in the API's page: hides the calls that do not hold every word, opens the only one left.
 * Without this script everything is shown, and the browser's own search works. */
(() => {
  "use strict";
  const box = document.querySelector("[data-api-find]");
  if (!box) return;
  const count = document.querySelector("[data-api-count]");
  const calls = [...document.querySelectorAll("[data-api-call]")];
  const texts = new Map(calls.map((call) => [call, call.textContent.toLowerCase()]));

  function search() {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const left = calls.filter((call) => {
      call.hidden = !words.every((word) => texts.get(call).includes(word));
      return !call.hidden;
    });
    for (const group of document.querySelectorAll("[data-api-group]")) {
      group.hidden = !group.querySelector("[data-api-call]:not([hidden])");
    }
    if (words.length && left.length === 1) left[0].open = true;
    count.textContent = words.length ? `${left.length} / ${calls.length}` : "";
  }
  function openNamed() {
    const named = document.getElementById(location.hash.slice(1));
    if (named && "apiCall" in named.dataset) named.open = true;
  }
  document.querySelector(".api-find").hidden = false;
  box.addEventListener("input", search);
  window.addEventListener("hashchange", openNamed);
  openNamed();
})();
