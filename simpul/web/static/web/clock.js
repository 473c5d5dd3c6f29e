/* data-clock="2026-02-03T08:14:03+07:00": shows HH.MM of the facility's wall clock.
 * The time of the server is taken at load and carried on, so a PC with a wrong clock or another
 * time zone still shows the time of the Puskesmas. */
(() => {
  "use strict";
  const start = performance.now();
  for (const node of document.querySelectorAll("[data-clock]")) {
    const wall = /T(\d\d):(\d\d):(\d\d)/.exec(node.dataset.clock);
    if (!wall) continue;
    const from = Number(wall[1]) * 3600 + Number(wall[2]) * 60 + Number(wall[3]);
    const show = () => {
      const now = (from + (performance.now() - start) / 1000) % 86400;
      const two = (n) => String(Math.floor(n)).padStart(2, "0");
      node.textContent = `${two(now / 3600)}.${two((now / 60) % 60)}`;
    };
    show();
    setInterval(show, 5000);
  }
})();
