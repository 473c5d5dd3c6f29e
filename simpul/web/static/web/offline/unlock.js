/* Who works here now, without a server: a tile and a PIN; five wrong ones, then a wait.
 *
 *   luring.unlock.show()   the door; sends `luring:open` on document when somebody came in
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const $ = (selector, root = document) => root.querySelector(selector);
  let chosen = "";
  function mark() {
    for (const tile of $("[data-unlock-people]").children) tile.setAttribute("aria-pressed", String(tile.dataset.username === chosen));
  }
  async function show() {
    const door = $("#luring-buka");
    const people = await luring.keyring.people();
    $("[data-unlock-none]").hidden = people.length > 0;
    $("[data-unlock]").hidden = !people.length;
    $("[data-unlock-people]").replaceChildren(...people.map((one) => {
      const tile = Object.assign(document.createElement("button"), { type: "button", className: "person" });
      tile.dataset.username = one.username;
      tile.dataset.uji = "luring-orang-pilih";
      tile.append(Object.assign(document.createElement("b"), { textContent: one.name }));
      tile.addEventListener("click", () => { chosen = one.username; mark(); $("#id_pin").focus(); });
      return tile;
    }));
    if (!people.some((one) => one.username === chosen)) chosen = people[0]?.username || "";
    mark();
    door.hidden = false;
    $("#id_pin").focus();
  }
  function tell(words) {
    luring.view.put($("#luring-buka-pesan"), luring.view.message({ tone: "warning", title: words, uji: "luring-buka-pesan" }));
  }
  document.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-unlock]")) return;
    event.preventDefault();
    const field = $("#id_pin");
    const button = $("button[type=submit]", event.target);
    const pin = field.value;
    if (!pin || button.disabled) return;
    button.disabled = true;
    const answer = await luring.keyring.openWithPin(chosen, pin);
    button.disabled = false;
    field.value = "";
    if (answer.ok) {
      $("#luring-buka").hidden = true;
      $("#luring-buka-pesan").replaceChildren();
      document.dispatchEvent(new CustomEvent("luring:open"));
      return;
    }
    tell(answer.wait ? luring.say("l-pin-tunggu", { minutes: answer.wait }) : luring.say("l-pin-salah", { left: answer.left ?? 0 }));
    field.focus();
  });
  luring.unlock = { show };
})();
