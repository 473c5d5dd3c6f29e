/* The record pane: rows of numbers, templates, lists of codes, what is still missing.
 *
 *   event `buka-rekam` {value: ID}    on body (F8): opens that record in #rekam
 *   input[data-ttv]                   Enter goes on; a refused number is come back to, and Enter takes
 *                                     what was probably meant (data-suggested)
 *   textarea[data-soap]               "/isp" opens the templates; ↑ ↓ Enter
 *   [data-pilih=CODE][data-ke=dx|px]  adds a code; [data-naik] [data-hapus] [data-dx-ya] change the list
 *   [data-salin=TEXT][data-salin-ke=s|o|a|p], [data-salin-kode]   take over from an earlier visit
 *   [data-kurang=BOX]                 hidden while that box is filled
 *
 * The server decides what is refused or unusual; this file only shows it at the right box.
 */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = () => $("#rekam-isian");
  const box = (name) => form()?.elements.namedItem(name);
  const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));
  const stop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };

  // --- Opening ----------------------------------------------------------------------------------
  const open = (id) => {
    if ($("#rekam") && /^[0-9a-f-]{36}$/i.test(id || "")) window.htmx.ajax("GET", `/rekam/${id}`, { target: "#rekam", swap: "innerHTML" });
  };
  document.addEventListener("buka-rekam", (event) => open(event.detail?.value ?? event.detail));
  // Redirected, undone: the pane says so.
  document.addEventListener("kunjungan-segar", () => open($(".record")?.dataset.encounter));
  const markOpen = () => {
    const id = $(".record")?.dataset.encounter;
    for (const row of $$("#antrean [data-encounter]")) {
      if (row.dataset.encounter === id) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current");
    }
  };

  // --- The row of numbers -----------------------------------------------------------------------
  const numbers = () => $$("input[data-ttv]");
  const after = (field) => {
    const all = numbers();
    const split = field.name === "systolic" && /\d\s*\/\s*\d/.test(field.value);
    const next = all[all.indexOf(field) + (split ? 2 : 1)];
    return next || all.find((one) => one.hasAttribute("aria-invalid")) || $("textarea[data-soap]");
  };
  function take(field, meant) {
    const [above, below] = meant.split("/");
    if (below !== undefined) {
      box("systolic").value = above;
      box("diastolic").value = below;
    } else field.value = meant;
    forget(field);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function forget(field) {
    field.removeAttribute("data-suggested");
    field.removeAttribute("aria-invalid");
    field.closest(".field")?.classList.remove("has-error", "is-unusual");
  }
  let left = null; // the number just left with Enter, and where the focus went
  function enterNumber(event) {
    const field = event.target;
    stop(event);
    if (event.repeat) return;
    if (field.dataset.suggested && field.dataset.wrong === field.value) take(field, field.dataset.suggested);
    const next = after(field);
    left = next && { field, next, text: next.value };
    next?.focus();
    if (next?.matches("input")) next.select();
  }
  function paintNumbers() {
    const remarks = $("#ttv-periksa");
    if (!remarks) return;
    for (const field of numbers()) forget(field);
    for (const note of $$("[data-where]", remarks)) {
      const field = box(note.dataset.where);
      if (!field?.closest) continue;
      const refused = note.hasAttribute("data-refused");
      field.closest(".field").classList.add(refused ? "has-error" : "is-unusual");
      if (!refused) continue;
      field.setAttribute("aria-invalid", "true");
      field.dataset.wrong = field.value;
      if (note.dataset.suggested) field.dataset.suggested = note.dataset.suggested;
    }
    // Come back to a refused number, unless the next one is already being typed.
    if (left?.field.hasAttribute("aria-invalid") && document.activeElement === left.next && left.next.value === left.text) {
      left.field.focus();
      left.field.select();
    }
    left = null;
  }

  // --- Templates --------------------------------------------------------------------------------
  const slash = (area) => {
    const before = area.value.slice(0, area.selectionStart);
    // Right behind what the counter had written no space is asked for.
    const own = before.startsWith(area.defaultValue) ? before.slice(area.defaultValue.length) : before;
    return /(?:^|\s)(\/[\p{L}-]*)$/u.exec(own);
  };
  const listOf = (area) => $(`[data-templat-untuk="${area.name}"]`);
  function seek(area) {
    const list = listOf(area);
    const word = slash(area)?.[1];
    if (!list) return;
    if (word === undefined) { list.replaceChildren(); return; }
    window.htmx.ajax("GET", `/istilah/templat?q=${encodeURIComponent(word.slice(1))}`, { target: `#${list.id}`, swap: "innerHTML" });
  }
  function fill(area, choice) {
    const at = area.selectionStart;
    const word = slash(area)?.[1] || "";
    for (const part of ["s", "o", "a", "p"]) {
      const target = box(part);
      const text = choice.dataset[part];
      if (!target || !text) continue;
      if (target === area) {
        const gap = /\S$/.test(target.value.slice(0, at - word.length)) ? " " : "";
        target.setRangeText(gap + text, at - word.length, at, "end");
      } else if (!target.value.trim()) target.value = text;
      else continue;
      target.closest(".soap-box").classList.add("is-template");
      say(target, target.dataset.templatWord);
      target.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "template" }));
    }
    listOf(area).replaceChildren();
    area.focus();
    const gap = area.value.indexOf("…"); // what only the patient can tell
    if (gap >= 0) area.setSelectionRange(gap, gap + 1);
  }
  function say(area, words) {
    const line = area.closest(".soap-box").querySelector("[data-asal]");
    line.hidden = !words;
    if (words) line.querySelector("span").textContent = words;
  }
  function keyInNote(event) {
    const list = listOf(event.target);
    const rows = list ? $$("[data-templat]", list) : [];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) {
      stop(event);
      rows.forEach((row, n) => row.setAttribute("aria-selected", String(n === Math.min(Math.max(to, 0), rows.length - 1))));
    } else if (event.key === "Enter" || event.key === "Tab") {
      stop(event);
      fill(event.target, rows[Math.max(at, 0)]);
    } else if (event.key === "Escape") {
      stop(event);
      list.replaceChildren();
    }
  }

  // --- Lists of codes: one line of text, drawn by the server --------------------------------------
  const read = (field) => field.value.split(/\s+/).filter(Boolean).map((token) => token.split("/"));
  function write(field, items, then) {
    field.value = items.map((item) => item.join("/")).join(" ");
    refocus = then || null;
    changed(field);
  }
  let refocus = null;
  function change(name, code, how) {
    const field = box(name);
    const items = read(field);
    const at = items.findIndex((item) => item[0] === code);
    if (at >= 0) how(items, at);
    write(field, items, how.then);
  }
  function add(name, code) {
    const field = box(name);
    const items = read(field);
    if (!items.some((item) => item[0] === code)) items.push(name === "dx" ? [code, "new", ""] : [code, ""]);
    write(field, items);
  }
  const acts = [
    ["[data-pilih]", (node) => {
      add(node.dataset.ke, node.dataset.pilih);
      const search = node.closest(".picker").querySelector("input");
      const list = node.closest(".picker-rows");
      search.value = "";
      list.dataset.answers = "";
      list.replaceChildren();
      search.focus();
    }],
    ["[data-naik]", (node) => change(node.dataset.ke, node.dataset.naik, Object.assign((items, at) => {
      if (at > 0) [items[at - 1], items[at]] = [items[at], items[at - 1]];
    }, { then: `[data-naik="${CSS.escape(node.dataset.naik)}"]` }))],
    ["[data-hapus]", (node) => change(node.dataset.ke, node.dataset.hapus, Object.assign((items, at) => items.splice(at, 1), {
      then: node.dataset.ke === "dx" ? "#id_icd" : "#id_tindakan",
    }))],
    ["[data-dx-ya]", (node) => change("dx", node.dataset.dxYa, Object.assign((items, at) => { items[at] = [items[at][0], items[at][1] || "", "ya"]; }, { then: "#id_icd" }))],
    ["[data-salin]", (node) => {
      const target = box(node.dataset.salinKe);
      if (!target) return;
      target.value = [target.value.trimEnd(), node.dataset.salin].filter(Boolean).join("\n");
      changed(target);
      target.focus();
    }],
    ["[data-salin-kode]", (node) => {
      const field = box("dx");
      if (!field) return;
      const items = read(field);
      for (const code of node.dataset.salinKode.split(" ")) if (!items.some((item) => item[0] === code)) items.push([code, "old", ""]);
      write(field, items);
    }],
    ["[data-maksud]", (node) => { const field = box(node.dataset.maksud); if (field?.dataset.suggested) { take(field, field.dataset.suggested); field.focus(); } }],
    ["[data-templat]", (node) => fill(box(node.closest("[data-templat-untuk]").dataset.templatUntuk), node)],
    ["[data-ke-kotak]", (node) => $(`#${node.dataset.keKotak}`)?.focus()],
    ["[data-tutup]", (node) => { node.closest("form").remove(); $("[data-focus], #id_s")?.focus(); }],
  ];
  document.addEventListener("click", (event) => {
    for (const [selector, act] of acts) {
      const node = event.target.closest(selector);
      if (node) { act(node); return; }
    }
    const back = event.target.closest("[data-ke-antrean]");
    const queue = back && $("#antrean [data-list]");
    if (queue) { event.preventDefault(); queue.focus(); }
  });
  // Somebody who comes with Tab writes on behind what stands there; a click still chooses its place.
  document.addEventListener("focusin", (event) => {
    const area = event.target.closest?.("textarea[data-soap]:not([data-entered])");
    if (!area) return;
    area.dataset.entered = "1";
    area.setSelectionRange(area.value.length, area.value.length);
  });
  // A press inside an open list must not take the focus away and close it before the click.
  document.addEventListener("mousedown", (event) => { if (event.target.closest(".picker-rows")) event.preventDefault(); });
  document.addEventListener("change", (event) => {
    const kind = event.target.closest?.("[data-dx-kasus]");
    const consent = event.target.closest?.("[data-px-setuju]");
    if (kind) change("dx", kind.dataset.dxKasus, Object.assign((items, at) => { items[at] = [items[at][0], kind.value, items[at][2] || ""]; }, { then: `[data-dx-kasus="${CSS.escape(kind.dataset.dxKasus)}"]` }));
    if (consent) change("px", consent.dataset.pxSetuju, Object.assign((items, at) => { items[at] = [items[at][0], consent.checked ? "ya" : "tidak"]; }, { then: `[data-px-setuju="${CSS.escape(consent.dataset.pxSetuju)}"]` }));
    const field = event.target;
    if (field.matches?.('input[name="systolic"]')) {
      const whole = /^\s*(\d{2,3})\s*\/\s*(\d{2,3})\s*$/.exec(field.value);
      const below = box("diastolic");
      if (whole && below && !below.value.trim()) { [field.value, below.value] = [whole[1], whole[2]]; changed(field); }
    }
  }, true);

  // --- Keys ---------------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const target = event.target;
    if (target.matches?.("textarea[data-soap]")) keyInNote(event);
    else if (event.key === "Enter" && target.matches?.("input[data-ttv]")) enterNumber(event);
    else if (event.key === "Enter" && target.matches?.("#rekam-isian input:not([data-list-for]):not([type=checkbox])")) event.preventDefault();
    else if (event.key === "Escape" && target.matches?.("[data-list-for]")) {
      const list = $(target.dataset.listFor);
      if (list?.classList.contains("picker-rows") && list.children.length) { stop(event); list.replaceChildren(); }
    } else if (event.key === "ArrowDown" && target.matches?.("[data-list-for]") && !$(target.dataset.listFor)?.children.length) {
      window.htmx.trigger(target, "focus"); // the favourites again
    }
  }, true);

  // --- What is missing ------------------------------------------------------------------------------
  const filled = (name) => {
    if (name === "systolic") return numbers().some((field) => field.value.trim());
    const field = box({ icd: "dx" }[name] || name);
    return Boolean(field?.value?.trim());
  };
  function paintMissing() {
    const line = $("#rekam-kurang");
    if (!line) return;
    const links = $$("[data-kurang]", line);
    for (const link of links) link.hidden = ["s", "o", "p", "systolic", "icd"].includes(link.dataset.kurang) && filled(link.dataset.kurang);
    const none = $(".missing-none", line);
    if (none) none.hidden = links.some((link) => !link.hidden);
  }
  document.addEventListener("input", (event) => {
    const area = event.target.closest?.("textarea[data-soap]");
    if (area && event.detail !== "template") {
      area.closest(".soap-box").classList.remove("is-template");
      say(area, "");
      seek(area);
    }
    if (event.target.closest?.("#rekam-isian")) paintMissing();
  });

  // --- After an answer --------------------------------------------------------------------------------
  function paintRefusal() {
    const refusal = $("#rekam-pesan [data-ditolak]:not([data-ditandai])");
    if (!refusal) return;
    refusal.dataset.ditandai = "1";
    let first = null;
    for (const line of $$("[data-where]", refusal)) {
      const name = line.dataset.where;
      const field = box(name);
      const place = field?.closest?.(".field") || document.getElementById(`id_${name}`);
      if (!place) continue;
      if (field?.matches?.("input[data-ttv]")) {
        field.setAttribute("aria-invalid", "true");
        field.dataset.wrong = field.value;
        if (line.dataset.suggested) field.dataset.suggested = line.dataset.suggested;
      }
      if (place.matches(".field")) place.classList.add("has-error");
      else if (place.matches(".chosen-row:not(.is-late)")) place.classList.add("is-bad");
      first ||= field?.matches?.("input,textarea") ? field : place.matches("input") ? place : place.querySelector("input:not([aria-hidden]),button");
    }
    first?.focus();
    if (first?.matches("input[data-ttv]")) first.select(); // never a note: one key would wipe it
  }
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "ttv-periksa") paintNumbers();
    for (const list of $$("[data-templat-untuk]")) {
      if ($("[data-templat]", list)) list.setAttribute("role", "listbox"); else list.removeAttribute("role");
    }
    if (["dx-daftar", "px-daftar"].includes(event.detail.target?.id)) {
      if (refocus) $(refocus)?.focus();
      refocus = null;
    }
    if ($("[data-tersimpan]")) {
      $("[data-tersimpan]").remove();
      for (const place of $$("#rekam-isian .has-error")) place.classList.remove("has-error");
      paintNumbers();
    }
    paintRefusal();
    paintMissing();
    markOpen();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { successful, xhr } = event.detail;
    const record = $(".record")?.dataset.encounter;
    if (successful && xhr?.responseText.includes("data-alergi-tercatat") && record) {
      if ($(".record").hasAttribute("data-closed")) { open(record); return; } // it may be complete now
      window.htmx.ajax("GET", `/rekam/${record}/kurang`, { target: "#rekam-kurang", swap: "outerHTML" });
      $("#rekam-isian [data-focus], #id_s")?.focus();
    }
  });
  paintMissing();
})();
