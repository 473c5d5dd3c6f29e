/* What happens elsewhere shows here: one stream for each page, refreshed parts, the Keadaan chip.
 *
 *   data-live="queue:umum encounter:ID"   topics (space-separated; all on the page are merged)
 *   data-live-refresh="#antrean #strip"   targets that get the event `live` (hx-get + hx-trigger="live")
 *   data-live-after="SEQ"                 journal number the page was made at (the lowest one counts)
 *   data-live-keep                        keep the stream while the tab is hidden (TV, boards)
 *
 * GET /live?topics=a,b&after=SEQ answers `id: SEQ`, `event: act`, data {"act", "unit", "encounter", "subject"}
 * ({"act": "reload"}: fetch everything anew). Optional: `event: beat` every ≤ 10 s lets the screen notice
 * a cut cable within 25 s; `event: state`, data {"internet": bool or null, "pending": n}, the chip.
 * Sent on document: `simpul:live` with the data, `simpul:link` {up}.
 */
(() => {
  "use strict";
  const SILENT_MS = 25000;
  const HIDDEN_MS = 60000;
  const nodes = () => [...document.querySelectorAll("[data-live]")];
  const topicsOf = (node) => node.dataset.live.split(/[\s,]+/).filter(Boolean);
  const chip = document.getElementById("keadaan");
  let source = null;
  let after = "";
  let topics = "";
  let wait = 1000;
  let beaten = false;
  let up = true;
  let link = "connected";
  let retry = 0;
  let watchdog = 0;
  let due = new Set();

  function paint() {
    if (chip) chip.dataset.state = up || link === "full" ? link : "no-server";
  }
  function setUp(now) {
    if (now === up) return;
    up = now;
    paint();
    document.dispatchEvent(new CustomEvent("simpul:link", { detail: { up } }));
  }
  // The same rule as the server's: which topics an act belongs to.
  function concerns(node, detail) {
    if (!detail || !detail.act || detail.act === "reload") return true;
    return topicsOf(node).some((topic) => topic === "tv" || (topic === "visits" && detail.encounter) ||
      topic === `queue:${detail.unit}` || topic === `encounter:${detail.encounter}`);
  }
  function refresh(detail) {
    for (const node of nodes()) {
      if (!concerns(node, detail)) continue;
      for (const target of (node.dataset.liveRefresh || "").split(/\s+/).filter(Boolean)) due.add(target);
    }
    if (due.size) setTimeout(flush, 50); // ten events in a moment are one request
  }
  function flush() {
    const now = due;
    due = new Set();
    for (const target of now) document.querySelectorAll(target).forEach((node) => window.htmx.trigger(node, "live"));
  }
  function alive() {
    setUp(true);
    wait = 1000;
    clearTimeout(watchdog);
    // A cut cable gives no error for minutes; silence does. Only where the server is known to beat.
    if (beaten) watchdog = setTimeout(() => { setUp(false); connect(); }, SILENT_MS);
  }
  function heard(event) {
    alive();
    if (event.lastEventId) after = event.lastEventId;
    let detail = {};
    try { detail = JSON.parse(event.data); } catch { detail = {}; }
    document.dispatchEvent(new CustomEvent("simpul:live", { detail }));
    refresh(detail);
  }
  function state(event) {
    beaten = true;
    alive();
    try { told(JSON.parse(event.data)); } catch { /* an odd beat is still a beat */ }
  }
  function told(now) {
    // The stream does not know whether this computer's storage is full; the last word on it stays.
    link = (now.full ?? link === "full") ? "full" : now.internet === false ? "no-internet" : "connected";
    const pending = chip?.querySelector("[data-pending]");
    if (pending) pending.textContent = String(now.pending ?? 0);
    paint();
  }
  function connect() {
    clearTimeout(retry);
    source?.close();
    source = null;
    if (!topics) return;
    source = new EventSource(`/live?topics=${encodeURIComponent(topics)}&after=${encodeURIComponent(after)}`);
    source.onopen = () => {
      const back = !up;
      alive();
      if (back) refresh(null); // whatever was missed while the line was cut
    };
    source.addEventListener("act", heard);
    source.addEventListener("beat", () => { beaten = true; alive(); });
    source.addEventListener("state", state);
    source.onerror = () => {
      setUp(false);
      if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      retry = setTimeout(connect, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, 30000);
    };
  }
  function gather() {
    const all = [...new Set(nodes().flatMap(topicsOf))].sort().join(",");
    const marks = nodes().map((node) => node.dataset.liveAfter).filter(Boolean).map(Number);
    if (!after && marks.length) after = String(Math.min(...marks));
    if (all === topics) return;
    topics = all;
    connect();
  }
  gather();
  document.addEventListener("htmx:afterSettle", gather);
  // Browsers allow few streams to one server: a tab nobody looks at gives its own back.
  let sleep = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(sleep);
    if (document.hidden && !document.querySelector("[data-live-keep]")) {
      sleep = setTimeout(() => { clearTimeout(watchdog); source?.close(); source = null; }, HIDDEN_MS);
    } else if (!document.hidden && !source && topics) { connect(); refresh(null); }
  });
  window.addEventListener("pagehide", () => source?.close());
  // What offline/watch.js knows: whether the server answers, the internet, what waits to be sent.
  document.addEventListener("simpul:server", (event) => setUp(event.detail.up));
  document.addEventListener("simpul:state", (event) => { if (event.detail.full || up) told(event.detail); });
  // Pages without a stream learn of the server from their own requests.
  document.addEventListener("htmx:sendError", () => setUp(false));
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.xhr?.status) setUp(true); });
})();
