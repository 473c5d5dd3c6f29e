/* What every page needs: CSRF on htmx requests, problem answers, a lost server, focus, words said aloud.
 *
 *   <meta name="csrf" content="…">     token sent as X-CSRFToken with every htmx request
 *   data-focus                         after a swap (and [autofocus]): gets the focus
 *   a[data-go][href="#id_nik"]         line of an error list: focuses the field
 *   data-say="A17 baru di antrean"     on swapped-in content: read out once, politely
 *   data-countdown="60"                counts down in its own text; at 0 the closest
 *                                      [data-countdown-box] goes away (undo buttons)
 *   window.simpul.{token,text,say,strip}   for the other files
 */
(() => {
  "use strict";
  const SLOW_MS = 3000;
  const $ = (selector) => document.querySelector(selector);
  const simpul = (window.simpul = {});
  simpul.token = () => $('meta[name="csrf"]')?.content || "";
  simpul.text = (id) => document.getElementById(`teks-${id}`)?.content.textContent.trim() || "";
  simpul.say = (words) => {
    const place = $("#status");
    if (!place || !words) return;
    place.textContent = "";
    setTimeout(() => { place.textContent = words; }, 50); // emptied first, or a repeat stays silent
  };

  // --- The strip under the top bar -------------------------------------------------------------
  let again = null;
  simpul.strip = (words, retry) => {
    const strip = $("#strip");
    if (!strip) return;
    again = retry || null;
    strip.hidden = !words;
    strip.querySelector("[data-strip-text]").textContent = words || "";
    strip.querySelector("[data-strip-retry]").hidden = !retry;
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-strip-close]")) simpul.strip("");
    if (event.target.closest("[data-strip-retry]") && again) {
      const retry = again;
      simpul.strip("");
      retry();
    }
  });

  // --- Requests --------------------------------------------------------------------------------
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = simpul.token();
  });
  const repeat = (detail) => () => {
    const { elt, requestConfig } = detail;
    if (!elt?.isConnected) return;
    if (elt.matches("form")) elt.requestSubmit(requestConfig?.submitter || undefined);
    else window.htmx.trigger(elt, requestConfig?.triggeringEvent?.type || "click");
  };
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (event.detail.elt?.closest("[data-quiet]")) return;
      simpul.strip(simpul.text("putus"), repeat(event.detail));
      // The strip must not take the focus from a field being typed in; Enter there still retries.
      if (!document.activeElement || document.activeElement === document.body) $("[data-strip-retry]")?.focus();
    });
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400) return;
    const type = xhr.getResponseHeader("Content-Type") || "";
    const whole = /^\s*<!doctype/i.test(xhr.responseText);
    if (type.includes("html") && !whole && xhr.responseText.trim()) return; // a fragment made for this spot
    event.detail.shouldSwap = false;
    let words = "";
    if (whole) {
      const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
      words = page.querySelector("[data-problem]")?.textContent.replace(/\s+/g, " ").trim() || "";
    } else if (type.includes("json")) {
      try { words = JSON.parse(xhr.responseText).detail || ""; } catch { words = ""; }
    }
    if (xhr.status === 401) words = simpul.text("sesi");
    simpul.strip(words || simpul.text("tolak"), xhr.status >= 500 ? repeat(event.detail) : null);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && !$("#strip")?.hidden) simpul.strip("");
  });

  // Nobody looks at a still screen for long without being told why.
  const slow = new WeakMap();
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, xhr } = event.detail;
    if (!elt?.closest("[data-quiet]")) slow.set(xhr, setTimeout(() => simpul.strip(simpul.text("lambat")), SLOW_MS));
  });
  document.addEventListener("htmx:afterRequest", (event) => clearTimeout(slow.get(event.detail.xhr)));

  // A line of an error list leads to its field.
  document.addEventListener("click", (event) => {
    const line = event.target.closest("a[data-go]");
    const field = line && document.getElementById(line.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.matches("input,select,textarea") ? field : field.querySelector("input"))?.focus();
  });

  // --- After new content -----------------------------------------------------------------------
  const said = new Set();
  const settle = (root) => {
    for (const node of root.querySelectorAll("[data-say]")) {
      const words = node.dataset.say;
      const mark = `${node.id}|${words}`;
      if (!said.has(mark)) { said.add(mark); simpul.say(words); }
    }
    for (const node of root.querySelectorAll("[data-countdown]")) countDown(node);
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    const root = event.detail.elt || document;
    const target = root.querySelector?.("[data-focus],[autofocus]");
    if (target) target.focus();
    settle(root.parentElement || document);
  });
  function countDown(node) {
    if (node.dataset.counting) return;
    node.dataset.counting = "1";
    const end = Date.now() + Number(node.dataset.countdown) * 1000;
    const timer = setInterval(() => {
      const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      node.textContent = String(left);
      if (left && node.isConnected) return;
      clearInterval(timer);
      (node.closest("[data-countdown-box]") || node.closest("button") || node).remove();
    }, 500);
  }
  settle(document);
})();
