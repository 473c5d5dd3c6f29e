/* Lists walked with the arrow keys, from the search box or from the list itself.
 *
 *   <ul id="hasil" data-list data-list-first>   the list; -first marks the first row by itself
 *     <li data-option id="p-…">              one row (a link or button inside is clicked, or the row)
 *     data-exact on a row                    an exact number: opened by an Enter given before it came
 *   <input data-list-for="#hasil">           search box: ↑ ↓ Enter work the list, focus stays here
 *
 * Enter never opens a row that answers an older text than the one in the box: the person would open
 * someone they have not seen. The Enter is kept until the answer is there, and then opens only a
 * row with data-exact.
 */
(() => {
  "use strict";
  let count = 0;
  const places = new Map(); // where a list without a box stood, for the one a live refresh puts in its place
  const rowsOf = (list) => [...list.querySelectorAll("[data-option]")].filter((row) => row.getClientRects().length);
  const marked = (list) => list.querySelector('[data-option][aria-selected="true"]');
  const boxOf = (list) => document.querySelector(`[data-list-for="#${list.id}"]`);

  function mark(list, row, scroll = true) {
    for (const other of list.querySelectorAll('[aria-selected="true"]')) other.setAttribute("aria-selected", "false");
    const holder = boxOf(list) || list;
    if (!row) { holder.removeAttribute("aria-activedescendant"); return; }
    if (!row.id) row.id = `baris-${(count += 1)}`;
    row.setAttribute("aria-selected", "true");
    holder.setAttribute("aria-activedescendant", row.id);
    list.dataset.at = row.id;
    if (!boxOf(list)) places.set(list.id, row.id);
    if (scroll) row.scrollIntoView({ block: "nearest" });
  }
  function prepare(list) {
    // Without a row it holds a sentence, and is no list of choices.
    if (list.querySelector("[data-option]") || !list.textContent.trim()) list.setAttribute("role", "listbox");
    else list.removeAttribute("role");
    const box = boxOf(list);
    if (box) {
      box.setAttribute("role", "combobox");
      box.setAttribute("aria-controls", list.id);
      box.setAttribute("aria-autocomplete", "list");
      box.setAttribute("aria-expanded", String(rowsOf(list).length > 0));
    } else if (!list.hasAttribute("tabindex")) list.tabIndex = 0;
    for (const row of list.querySelectorAll("[data-option]")) {
      row.setAttribute("role", "option");
      if (!box && row.matches("a,button")) row.tabIndex = -1; // the list is the one stop of Tab
      if (!row.hasAttribute("aria-selected")) row.setAttribute("aria-selected", "false");
    }
    const at = list.dataset.at || places.get(list.id);
    const kept = at && list.querySelector(`#${CSS.escape(at)}`);
    if (!marked(list)) mark(list, kept || (list.hasAttribute("data-list-first") ? rowsOf(list)[0] : null), false);
  }
  const open = (row) => (row.matches("a,button") ? row : row.querySelector("a,button") || row).click();
  const stale = (box, list) => box && (list.dataset.answers ?? box.defaultValue) !== box.value;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const box = event.target.closest?.("[data-list-for]");
    const list = box ? document.querySelector(box.dataset.listFor) : event.target.closest?.("[data-list]");
    if (!list || (!box && event.target !== list && !event.target.matches("[data-option]"))) return;
    const rows = rowsOf(list);
    const at = rows.indexOf(marked(list));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (to !== undefined && rows.length) {
      event.preventDefault();
      mark(list, rows[Math.min(Math.max(to, 0), rows.length - 1)]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (event.repeat) return;
      if (stale(box, list)) list.dataset.pending = box.value;
      else if (marked(list)) open(marked(list));
    }
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-option]");
    const list = row?.closest("[data-list]");
    if (list) mark(list, row, false);
  });
  // Which text the rows on the screen answer.
  document.addEventListener("htmx:afterSettle", (event) => {
    const config = event.detail.requestConfig;
    for (const list of document.querySelectorAll("[data-list]")) {
      const box = boxOf(list);
      const sent = box && config?.parameters?.[box.name];
      if (sent !== undefined && sent !== null) list.dataset.answers = String(sent);
      prepare(list);
      const pending = list.dataset.pending;
      if (!box || pending === undefined || stale(box, list)) continue;
      delete list.dataset.pending;
      const exact = list.querySelectorAll("[data-option][data-exact]");
      if (pending === box.value && exact.length === 1) { mark(list, exact[0]); open(exact[0]); }
    }
  });
  document.addEventListener("input", (event) => {
    const box = event.target.closest?.("[data-list-for]");
    if (box) delete document.querySelector(box.dataset.listFor)?.dataset.pending;
  });
  document.querySelectorAll("[data-list]").forEach(prepare);
})();
