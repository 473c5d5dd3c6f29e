/* The sheet of a study: rows that grow while one types, and figures taken over from a finding.
 *
 *   tbody[data-rows]          typing in its last row adds the next, empty one
 *   button[data-more="k1-a"]  adds a row to that tbody and goes there
 *   button[data-fills='[["k1-working_days","312"]]']   "pakai angka ini": puts it into the field
 *   input[data-wide]          shows the columns most studies leave empty (pure CSS, remembered by nobody)
 *
 * Rows carry keys that stay (k1-a3), so a draft finds its fields again: before drafts.js fills a form
 * it says what is coming (`draft-found`), and the rows that were added before a reload or a power cut
 * stand there when their texts come back.
 */
(() => {
  "use strict";
  const form = document.getElementById("studi-form");
  if (!form) return;
  const keyOf = (row) => row.dataset.key;
  const typed = (row) => [...row.querySelectorAll("input:not([type=checkbox])")].some((field) => field.value.trim());

  function add(body, key) {
    const last = body.querySelector("tr[data-key]:last-of-type");
    if (!last) return null;
    const stem = body.dataset.rows;
    const next = key || stem + (1 + Math.max(...[...body.querySelectorAll("tr[data-key]")].map((row) => Number(keyOf(row).slice(stem.length)))));
    const holder = document.createElement("tbody");
    holder.innerHTML = last.outerHTML.replace(new RegExp(`${keyOf(last)}(?!\\d)`, "g"), next);
    const row = holder.firstElementChild;
    for (const field of row.querySelectorAll("input")) {
      if (field.type === "checkbox") field.checked = false; else { field.value = ""; field.removeAttribute("value"); }
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
    row.querySelectorAll(".field-error").forEach((node) => node.remove());
    row.querySelectorAll("output, [data-findings]").forEach((node) => { node.textContent = ""; });
    body.append(row);
    number(body);
    return row;
  }
  const number = (body) => body.querySelectorAll("tr[data-key]").forEach((row, place) => {
    const cell = row.querySelector("[data-number]");
    if (cell) cell.textContent = String(place + 1);
  });

  // Rows that a draft of this person knows and the page does not have yet.
  form.addEventListener("draft-found", ({ detail }) => {
    const names = new Set(detail.values.map(([name]) => /^(k\d+-[ali])\d+(?=-)/.exec(name)).filter(Boolean).map((found) => `${found[1]} ${found[0]}`));
    for (const entry of names) {
      const [stem, key] = entry.split(" ");
      const body = form.querySelector(`tbody[data-rows="${stem}"]`);
      if (body && !body.querySelector(`tr[data-key="${key}"]`)) add(body, key);
    }
  });

  form.addEventListener("input", (event) => {
    const row = event.target.closest("tr[data-key]");
    const body = row?.closest("tbody[data-rows]");
    if (body && row === body.querySelector("tr[data-key]:last-of-type") && typed(row)) add(body);
  });
  document.addEventListener("click", (event) => {
    const more = event.target.closest("[data-more]");
    if (more) {
      const body = form.querySelector(`tbody[data-rows="${more.dataset.more}"]`);
      const empty = [...(body?.querySelectorAll("tr[data-key]") || [])].find((row) => !typed(row));
      const row = empty || (body && add(body));
      if (row) { event.preventDefault(); row.querySelector("input")?.focus(); }
      return;
    }
    const fill = event.target.closest("[data-fills]");
    if (!fill) return;
    let field = null;
    for (const [name, text] of JSON.parse(fill.dataset.fills)) {
      const place = form.elements.namedItem(name);
      if (!place) continue;
      place.value = text;
      field ||= place;
    }
    if (!field) return;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.select?.();
  });
})();
