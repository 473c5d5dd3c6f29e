/* The offline page as a whole: who works here, which tab, is the server back, what still waits.
 *
 * It is answered at whatever address could not be fetched; when the server is back, the same address is
 * the ordinary page again (F8). It leaves nothing half done: what waits is sent first, and said.
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  if (!document.body.hasAttribute("data-luring-shell")) return;
  const $ = (selector, root = document) => root.querySelector(selector);
  const chip = $("#keadaan");
  let current = "loket";
  let open = false;

  function tab(name) {
    current = name;
    for (const one of ["loket", "poli"]) $(`#luring-${one}`).hidden = one !== name;
    for (const button of document.querySelectorAll("[data-tab]")) {
      if (button.dataset.tab === name) button.setAttribute("aria-current", "page"); else button.removeAttribute("aria-current");
    }
  }
  async function paint() {
    const waiting = await luring.outbox.count();
    chip.dataset.state = luring.full ? "full" : luring.link.up ? "connected" : "no-server";
    const box = $("[data-local-box]", chip);
    box.hidden = false;
    $("[data-local]", chip).textContent = String(waiting);
    const strip = $("#luring-strip");
    const words = luring.full ? luring.say("l-penuh")
      : !luring.link.up ? luring.say(luring.keyring.person && !luring.keyring.person.places?.includes("loket") ? "l-putus-poli" : "l-putus", { count: waiting, code: luring.desk.code() })
        : luring.outbox.refused ? luring.say("l-sesi", { count: waiting })
          : waiting ? luring.say("l-mengirim", { count: waiting }) : luring.say(open ? "l-terkirim" : "l-tersambung");
    if ($("[data-strip-words]").textContent !== words) $("[data-strip-words]").textContent = words;
    strip.hidden = false;
    $("[data-back]").hidden = !luring.link.up;
  }
  async function trySending() {
    if (!luring.keyring.box) return paint();
    if (!luring.link.up && !(await luring.link.probe())) return paint();
    await luring.outbox.send();
    await paint();
    if (open) await luring.listing.draw();
    return null;
  }
  async function enter() {
    open = true;
    $("[data-person-name]").textContent = luring.keyring.person.name;
    $("[data-lock]").hidden = false;
    $("[data-tabs]").hidden = false;
    $("#luring-buka").hidden = true;
    tab("loket");
    await luring.desk.start();
    tick();
    const units = await luring.ward.start();
    $('[data-tab="poli"]').hidden = !units.length;
    const places = luring.keyring.person.places || [];
    $('[data-tab="loket"]').hidden = !places.includes("loket");
    const wanted = /^\/poli\/([a-z-]+)/.exec(location.pathname);
    if (units.length && (!places.includes("loket") || wanted)) await luring.ward.open({ unit: units.includes(wanted?.[1]) ? wanted[1] : units[0] });
    await luring.listing.draw();
    if (current === "loket" || (await luring.keeping.read("bawaan"))) await luring.desk.resume();
    else if ((await luring.keeping.read("tempat"))?.values.unit) await luring.ward.open((await luring.keeping.read("tempat")).values);
    document.body.dataset.siap = "";
    trySending();
  }
  function lock() {
    open = false;
    luring.keyring.lock();
    for (const node of [$("#kerja"), $("#hasil"), $("#luring-antrean"), $("#luring-rekam"), $("#luring-daftar"), $("#luring-slip"), $("#pesan")]) node.replaceChildren();
    for (const selector of ["[data-lock]", "[data-tabs]", "#luring-loket", "#luring-poli"]) $(selector).hidden = true;
    delete document.body.dataset.siap;
    luring.unlock.show();
  }
  // By the server's clock as last known; a computer that never heard it says nothing.
  const tick = () => { $("[data-luring-clock]").textContent = luring.at ? luring.clock(Date.now() + luring.at.skew) : ""; };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-lock]")) lock();
    const wanted = event.target.closest("[data-tab]");
    if (wanted) { tab(wanted.dataset.tab); if (wanted.dataset.tab === "poli") luring.ward.showUnit($("[data-unit-pick]").value); else $("#id_q").focus(); }
    if (event.target.closest("[data-back]")) back();
    if (event.target.closest("[data-retry]")) luring.link.probe().then((up) => up && back());
  });
  /* The ordinary page of what is open here; what is half written goes along as its draft. */
  function back() {
    const path = location.pathname === "/luring" ? (current === "poli" ? `/poli/${$("[data-unit-pick]").value}` : "/loket") : location.pathname + location.search;
    luring.keyring.hold();
    location.assign(path);
  }
  document.addEventListener("luring:link", () => trySending());
  document.addEventListener("luring:outbox", () => { paint(); if (open) luring.listing.draw(); });
  for (const name of ["luring:full", "luring:room"]) document.addEventListener(name, paint);
  document.addEventListener("luring:wiped", () => { lock(); luring.view.put($("#pesan"), luring.view.message({ tone: "warning", title: luring.say("l-hapus") })); });
  document.addEventListener("luring:open", enter);
  window.addEventListener("pagehide", () => luring.keyring.hold());
  luring.shell = { trySending, tab, lock };

  (async () => {
    luring.at = (await luring.store.get("meta", "clock").catch(() => null)) || null;
    // Signed out while the server was away: their key goes now; the server is told at the next contact.
    const left = await luring.store.get("meta", "left").catch(() => null);
    if (left) await luring.keyring.leave(left.username).catch(() => {});
    tick();
    setInterval(tick, 5000);
    const answer = await fetch("/luring/bahan");
    luring.tables = await answer.json();
    luring.names.load(luring.tables.names);
    luring.link.set(false); // until the server has answered
    await luring.link.probe();
    if (await luring.keyring.openHeld()) await enter();
    else { await luring.unlock.show(); await paint(); }
    setInterval(async () => { if (!document.hidden && luring.link.up) { await trySending(); if (open) await luring.listing.askShown(); } }, 5000);
  })();
})();
