/* Tiles of the people who used this PC, so that changing person takes two seconds.
 *
 *   body[data-person][data-person-name]   who is logged in: remembered here (user name and name only)
 *   form[data-people-form]                log-in form: [data-people] gets the tiles, made from
 *                                         [data-people-template]; a tile fills [data-people-name]
 *                                         and puts the focus in [data-people-secret]
 */
(() => {
  "use strict";
  const KEY = "simpul:people";
  const KEEP_MS = 30 * 24 * 3600 * 1000;
  const load = () => {
    try { return JSON.parse(localStorage.getItem(KEY) || "[]").filter((one) => Date.now() - one.at < KEEP_MS); } catch { return []; }
  };
  const { person, personName } = document.body.dataset;
  if (person) {
    const others = load().filter((one) => one.username !== person).slice(0, 11);
    try { localStorage.setItem(KEY, JSON.stringify([{ username: person, name: personName, at: Date.now() }, ...others])); } catch { /* storage switched off */ }
  }
  const form = document.querySelector("[data-people-form]");
  if (!form) return;
  const box = form.querySelector("[data-people]");
  const name = form.querySelector("[data-people-name]");
  const secret = form.querySelector("[data-people-secret]");
  const template = form.querySelector("[data-people-template]");
  for (const one of load()) {
    if (box.querySelector(`[data-person-tile="${CSS.escape(one.username)}"]`)) continue;
    const tile = template.content.firstElementChild.cloneNode(true);
    tile.dataset.personTile = one.username;
    tile.querySelector("b").textContent = one.name;
    tile.querySelector("small")?.remove();
    box.append(tile);
  }
  const mark = () => {
    for (const tile of box.children) tile.setAttribute("aria-pressed", String(tile.dataset.personTile === name.value));
  };
  box.addEventListener("click", (event) => {
    const tile = event.target.closest("[data-person-tile]");
    if (!tile) return;
    name.value = tile.dataset.personTile;
    mark();
    secret.value = "";
    secret.focus();
  });
  name.addEventListener("input", mark);
  mark();
  if (name.value) secret.focus();
  else (box.firstElementChild || name).focus();
})();
