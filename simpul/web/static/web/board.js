/* The visits board: a sound when a record did not arrive, and letters that work inside an open menu.
 *
 *   data-alarm="ID"            a row that needs a person: one sound when it appears, and again only
 *                              after it had gone and came back
 *   [data-alarm-sound]         button shown while this browser may not make a sound; a press allows it
 *   data-letter="U"            button or link in an open dialog that the letter presses
 */
(() => {
  "use strict";
  const sound = document.querySelector("[data-alarm-sound]");
  const context = "AudioContext" in window ? new AudioContext() : null;
  const now = () => [...document.querySelectorAll("[data-alarm]")].map((row) => row.dataset.alarm);
  let known = new Set();

  const show = () => { if (sound) sound.hidden = !context || context.state === "running"; };
  const allow = () => context?.resume().then(show);
  function ring() {
    if (context?.state !== "running") return;
    [0, 0.25].forEach((from) => {
      const start = context.currentTime + from;
      const wave = context.createOscillator();
      const loud = context.createGain();
      wave.frequency.value = 740;
      loud.gain.setValueAtTime(0.25, start);
      loud.gain.exponentialRampToValueAtTime(0.001, start + 0.2);
      wave.connect(loud).connect(context.destination);
      wave.start(start);
      wave.stop(start + 0.2);
    });
  }
  function look() {
    const present = new Set(now());
    if ([...present].some((id) => !known.has(id))) ring();
    known = present;
  }
  sound?.addEventListener("click", allow);
  context?.addEventListener("statechange", show);
  // Any key or press on the page is leave enough for the browser.
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, allow, { once: true });
  document.addEventListener("htmx:afterSettle", look);
  show();
  look();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.key.length !== 1) return;
    if (event.target.matches("input,select,textarea")) return;
    const dialog = document.querySelector("dialog[open]");
    const choice = dialog?.querySelector(`[data-letter="${CSS.escape(event.key.toUpperCase())}"]`);
    if (!choice || choice.disabled) return;
    event.preventDefault();
    choice.click();
  });
  if (document.activeElement === document.body) document.getElementById("kunjungan-daftar")?.focus({ preventScroll: true });
})();
