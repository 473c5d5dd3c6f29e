/* Talking to the server, and knowing whether it is there.
 *
 *   await luring.call("/luring/kunci", {…})   {ok, status, body}; status 0: it did not answer
 *   luring.link.up                            what is known now; `luring:link` {up} when it changes
 *   luring.link.probe()                       asks /health now
 *   luring.today()                            YYYY-MM-DD of the Puskesmas, by the server's clock (luring.at)
 *   luring.say("id", {name: value})           a sentence of the page (<template id="teks-ID">), filled in
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const PROBE_MS = 2500;
  const AGAIN_MS = 4000;
  const cookie = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) || "";
  const token = () => window.simpul.token() || cookie("simpul_csrf");

  luring.call = async (url, body, { ms = 15000 } = {}) => {
    const options = { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(ms), cache: "no-store", credentials: "same-origin" };
    if (body) {
      options.method = "POST";
      options.headers["Content-Type"] = "application/json";
      options.headers["X-CSRFToken"] = token();
      options.body = JSON.stringify(body);
    }
    try {
      const answer = await fetch(url, options);
      const type = answer.headers.get("Content-Type") || "";
      const read = type.includes("json") ? await answer.json() : null;
      // A sign-in page instead of an answer: the session is over.
      const status = answer.redirected && new URL(answer.url).pathname === "/masuk" ? 401 : answer.status;
      return { ok: status >= 200 && status < 300, status, body: read };
    } catch {
      return { ok: false, status: 0, body: null };
    }
  };

  const link = (luring.link = { up: true });
  let timer = 0;
  function set(up) {
    clearTimeout(timer);
    if (!up) timer = setTimeout(probe, AGAIN_MS);
    if (up === link.up) return;
    link.up = up;
    document.dispatchEvent(new CustomEvent("luring:link", { detail: { up } }));
  }
  async function probe() {
    const answer = await luring.call("/health", null, { ms: PROBE_MS });
    set(answer.ok);
    return answer.ok;
  }
  Object.assign(link, { probe, set });
  window.addEventListener("offline", () => probe());
  window.addEventListener("online", () => probe());

  luring.say = (id, values = {}) => {
    let words = window.simpul.text(id);
    for (const [name, value] of Object.entries(values)) words = words.replaceAll(`{${name}}`, value);
    return words;
  };
  /* The day of the Puskesmas, by the server's clock as last known: a PC's own clock may be years off. */
  luring.today = () => {
    const { skew = 0, timezone } = luring.at || {};
    const options = { year: "numeric", month: "2-digit", day: "2-digit", ...(timezone ? { timeZone: timezone } : {}) };
    return new Intl.DateTimeFormat("en-CA", options).format(Date.now() + skew);
  };
  luring.clock = (at) => new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(luring.at?.timezone ? { timeZone: luring.at.timezone } : {}) })
    .format(new Date(at)).replace(":", ".");
  luring.told = (at) => luring.clock(Date.parse(at) + (luring.at?.skew || 0)); // by the Puskesmas' clock
  luring.machine = () => {
    const system = /Windows|Android|Linux|Mac/.exec(navigator.userAgent)?.[0] || "Komputer";
    const browser = /Edg|Firefox|Chrome|Safari/.exec(navigator.userAgent)?.[0] || "";
    return `${system} ${browser.replace("Edg", "Edge")}`.trim();
  };
})();
