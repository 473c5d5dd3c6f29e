/* The record room's scan box: folders are scanned faster than a slow line answers.
 *
 *   form[data-scan-queue]   each scan (or Enter) is kept with the mode and unit of that moment and
 *                           sent one after the other, in order; nothing is skipped
 *   dialog[open]            a question about a folder holds the next ones until it is answered
 *   #rm-menunggu            says how many wait; they survive a reload of this tab
 *
 * A scan that got no answer, or "busy", stays first in line with the same once-only key.
 */
(() => {
  "use strict";
  const RETRY_MS = 3000;
  const form = document.querySelector("form[data-scan-queue]");
  if (!form) return;
  const box = form.querySelector("[data-scan-here]");
  const note = document.getElementById("rm-menunggu");
  const place = `rm-pindai:${document.body.dataset.person || ""}`;
  let waiting = [];
  let sending = false;
  try { waiting = JSON.parse(sessionStorage.getItem(place) || "[]"); } catch { waiting = []; }

  function keep() {
    try { sessionStorage.setItem(place, JSON.stringify(waiting)); } catch { /* a full store must not stop a scan */ }
    const rest = waiting.length - (sending ? 1 : 0);
    note.textContent = rest > 0 ? note.dataset.words.replace("{n}", String(rest)) : "";
  }
  function pump() {
    if (sending || !waiting.length || document.querySelector("dialog[open]")) return keep();
    sending = true;
    keep();
    window.htmx.ajax("POST", form.action, { source: form, target: "#rm-hasil", swap: "afterbegin", values: waiting[0] })
      .catch(() => {});
  }
  function take(code) {
    const label = code.trim();
    if (!label) return;
    const values = Object.fromEntries(new FormData(form));
    waiting.push({ label, mode: values.mode || "", unit: values.unit || "" });
    box.value = label;
    box.focus();
    box.select(); // the next number typed by hand replaces this one
    pump();
  }
  box.addEventListener("scan", (event) => { event.preventDefault(); take(event.detail.code); });
  form.addEventListener("submit", (event) => { event.preventDefault(); take(box.value); });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form) return;
    const { status } = event.detail.xhr;
    sending = false;
    if (!status || status === 401 || status >= 500) { keep(); setTimeout(pump, RETRY_MS); return; }
    waiting.shift();
    keep();
    setTimeout(pump, 0); // after the swap, so that a question that just came holds the rest
  });
  document.addEventListener("close", () => setTimeout(pump, 0), true);
  document.addEventListener("simpul:link", (event) => { if (event.detail.up) pump(); });
  pump();
})();
