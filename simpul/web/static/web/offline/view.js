/* Putting values into cloned templates, without writing HTML in scripts.
 *
 *   luring.view.make("luring-baris", {name: "SITI"})   the template's element: [data-t="name"] gets the
 *                                                      text, [data-if="name"] is hidden when it is empty
 *   luring.view.put(box, element)                      replaces what is in a box, tells list.js and page.js
 *   luring.view.message({tone, title, text, problems}) a message where messages go
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const $ = (selector, root = document) => root.querySelector(selector);
  function fill(root, values) {
    for (const node of root.querySelectorAll("[data-t]")) if (node.dataset.t in values) node.textContent = values[node.dataset.t] ?? "";
    for (const node of root.querySelectorAll("[data-if]")) if (node.dataset.if in values) node.hidden = !values[node.dataset.if];
    return root;
  }
  const make = (id, values = {}) => fill(document.getElementById(id).content.firstElementChild.cloneNode(true), values);
  // The other scripts of the house prepare what was swapped in; this is their word for it.
  function settled(element, parameters = {}) {
    document.dispatchEvent(new CustomEvent("htmx:afterSettle", { detail: { elt: element, requestConfig: { parameters } } }));
  }
  function put(box, ...elements) {
    box.replaceChildren(...elements);
    settled(box);
    const focus = box.querySelector("[data-focus]");
    if (focus) focus.focus();
  }
  function message({ tone = "info", title = "", text = "", problems = [], uji = "pesan" }) {
    const box = make("luring-pesan", { title, text });
    box.classList.add(`message-${tone}`);
    box.dataset.uji = uji;
    const list = $("[data-problems]", box);
    list.hidden = !problems.length;
    for (const { where, words } of problems) {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#id_${where}`;
      link.dataset.go = "";
      link.textContent = words;
      line.append(link);
      list.append(line);
    }
    return box;
  }
  const sexLetter = (sex) => ({ male: "L", female: "P" })[sex] || "–";
  function born(person) {
    if (!person.birth_date) return "";
    const age = luring.dates.ageText(person.birth_date, luring.today(), person.birth_date_estimated);
    return person.birth_date_estimated ? age : `${luring.dates.format(person.birth_date)} (${age})`;
  }
  const place = (person) => [person.village, person.rt || person.rw ? `RT ${person.rt || "–"}/${person.rw || "–"}` : "", person.mother_name ? `ibu ${person.mother_name}` : ""]
    .filter(Boolean).join(" · ").replace(" · RT", " RT");
  luring.view = { make, put, fill, message, settled, sexLetter, born, place, $ };
})();
