/* "Tampil di poli" is said by the screen that showed the row, not by the server that sent it.
 *
 *   <div data-ack-url="/antrean/umum/tampil">  container; gets POST {"ids": […]} with X-CSRFToken
 *     <li data-ack="ID">                       a row to acknowledge, once per page; leave the
 *                                              attribute out for rows already acknowledged
 *
 * Sent after the row was painted and only while the tab is visible; repeated until it is received.
 */
(() => {
  "use strict";
  const done = new Set();
  let wait = 1000;
  let busy = false;
  let timer = 0;

  async function send() {
    if (busy || document.visibilityState !== "visible") return;
    busy = true;
    try {
      for (const box of document.querySelectorAll("[data-ack-url]")) {
        const url = box.dataset.ackUrl;
        const ids = [...box.querySelectorAll("[data-ack]")].map((row) => row.dataset.ack).filter((id) => id && !done.has(`${url} ${id}`));
        if (!ids.length) continue;
        const answer = await fetch(url, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRFToken": window.simpul.token() },
          body: JSON.stringify({ ids }),
        });
        if (answer.status === 401 || answer.status === 403) return; // not ours to say any more
        if (!answer.ok) throw new Error(String(answer.status));
        ids.forEach((id) => done.add(`${url} ${id}`));
      }
      wait = 1000;
    } catch {
      clearTimeout(timer);
      timer = setTimeout(send, wait);
      wait = Math.min(wait * 2, 30000);
    } finally {
      busy = false;
    }
  }
  // Two frames: after the second one the first has been painted. Hidden tabs paint no frames.
  const painted = () => requestAnimationFrame(() => requestAnimationFrame(send));
  document.addEventListener("htmx:afterSettle", painted);
  document.addEventListener("visibilitychange", painted);
  window.addEventListener("online", painted);
  painted();
})();
