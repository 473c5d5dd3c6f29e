/* The observer's stopwatch. Works without the server once it is loaded: the running observation and
 * those not yet sent live in localStorage, under the person's id, and survive a reload.
 *
 *   start → (next …) → stop    marks[] holds the instant each step ended; "back" takes the last one off
 *   sending: GET state (who is signed in, form token), POST all; what the server names as stored goes
 */
(() => {
  "use strict";
  const body = document.body;
  if (!body.hasAttribute("data-observe")) return;
  const simpul = window.simpul;
  const place = (name) => document.querySelector(`[data-watch="${name}"]`);
  const button = (name) => document.querySelector(`[data-do="${name}"]`);
  const say = (id, values = {}) =>
    simpul.text(`amati-${id}`).replace(/\{(\w+)\}/g, (_all, name) => String(values[name] ?? ""));
  const activities = new Map(
    JSON.parse(document.getElementById("kegiatan").textContent).map((one) => [one.id, one]),
  );

  // --- What is kept on this phone ------------------------------------------------------------------
  const shelf = `simpul.pengamatan.${body.dataset.personKey}`;
  const read = (name, usual) => {
    try { return JSON.parse(localStorage.getItem(`${shelf}.${name}`)) ?? usual; } catch { return usual; }
  };
  const write = (name, value) => {
    try {
      if (value === null) localStorage.removeItem(`${shelf}.${name}`);
      else localStorage.setItem(`${shelf}.${name}`, JSON.stringify(value));
      return true;
    } catch { return false; }
  };
  const waiting = () => read("menunggu", []);
  let sent = Number(body.dataset.sent) || 0;
  let chosen = null; // the activity on the screen
  let finished = null; // the one just stopped, still shown
  let sure = false;

  // --- The stopwatch -------------------------------------------------------------------------------
  const running = () => read("kini", null);
  const clock = (ms) => {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    const two = (n) => String(n).padStart(2, "0");
    return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  };
  const lengths = (run, end) => {
    const edges = [run.started, ...run.marks, ...(end ? [end] : [])];
    // The phone's clock may be set back meanwhile; a step is never shorter than nothing.
    return edges.slice(1).map((edge, n) => Math.max(0, edge - edges[n]));
  };
  const acts = {
    start() {
      if (!chosen || running()) return;
      finished = null;
      write("kini", { id: simpul.uuid7(), activity: chosen.id, name: chosen.name, steps: chosen.steps, started: Date.now(), marks: [] });
    },
    next() {
      const run = running();
      if (!run || run.marks.length >= run.steps.length - 1) return;
      run.marks.push(Date.now());
      write("kini", run);
    },
    back() {
      const run = running();
      if (!run || !run.marks.length) return;
      run.marks.pop();
      write("kini", run);
    },
    stop() {
      const run = running();
      if (!run) return;
      const parts = lengths(run, Date.now());
      const steps = parts.map((ms, n) => ({ name: run.steps[n], seconds: Math.round(ms / 100) / 10 }));
      const seconds = Math.max(0.1, Math.round(parts.reduce((sum, ms) => sum + ms, 0) / 100) / 10);
      const done = { id: run.id, activity: run.activity, name: run.name, started_at: new Date(run.started).toISOString(), seconds, steps };
      if (!write("menunggu", [...waiting().filter((one) => one.id !== done.id), done])) {
        note("penuh");
        return;
      }
      write("kini", null);
      finished = done;
      send();
    },
    drop() {
      if (!sure) {
        sure = true;
        place("drop").textContent = say("yakin");
        setTimeout(() => { sure = false; place("drop").textContent = say("buang"); }, 3000);
        return;
      }
      sure = false;
      place("drop").textContent = say("buang");
      write("kini", null);
    },
    leave() {
      if (running()) return;
      chosen = finished = null;
    },
    send() { send(); },
  };

  // --- The screen ----------------------------------------------------------------------------------
  const note = (id) => {
    place("note").hidden = !id;
    place("note").textContent = id ? say(id) : "";
  };
  const rows = (list, make) => {
    const fragment = document.createDocumentFragment();
    list.forEach((one, n) => {
      const row = document.createElement("li");
      make(row, one, n);
      fragment.append(row);
    });
    return fragment;
  };
  const add = (row, tag, words) => {
    const part = document.createElement(tag);
    part.textContent = words;
    row.append(part);
    return part;
  };
  function tick() {
    const run = running();
    if (!run) return;
    const parts = lengths(run, Date.now());
    place("total").textContent = clock(parts.reduce((sum, ms) => sum + ms, 0));
    const cell = place("steps").children[run.marks.length]?.querySelector("span");
    if (cell) cell.textContent = clock(parts.at(-1));
  }
  function draw() {
    const run = running();
    const shown = run || finished || chosen;
    if (run && !chosen) chosen = activities.get(run.activity) || { id: run.activity, name: run.name, steps: run.steps };
    place("choose").hidden = Boolean(shown);
    place("work").hidden = !shown;
    button("start").hidden = Boolean(run);
    button("next").hidden = !run || run.marks.length >= run.steps.length - 1;
    button("stop").hidden = !run;
    button("back").hidden = !run || !run.marks.length;
    button("drop").hidden = !run;
    button("leave").hidden = Boolean(run);
    if (shown) {
      const names = run ? run.steps : chosen.steps;
      const seconds = run ? lengths(run, Date.now()) : finished ? finished.steps.map((step) => step.seconds * 1000) : [];
      const at = run ? run.marks.length : -1;
      place("name").textContent = shown.name;
      place("step").textContent = run
        ? say("langkah", { n: at + 1, m: names.length, name: names[at] })
        : finished ? say("selesai", { total: clock(finished.seconds * 1000) }) : say("siap", { m: names.length });
      place("total").textContent = clock(seconds.reduce((sum, ms) => sum + ms, 0));
      place("steps").replaceChildren(rows(names, (row, name, n) => {
        if (n === at) row.setAttribute("aria-current", "step");
        row.append(`${name} `);
        add(row, "span", n < seconds.length ? clock(seconds[n]) : "");
      }));
    }
    const list = waiting();
    place("kept").textContent = say("ponsel", { n: list.length });
    place("sent").textContent = say("server", { n: sent });
    place("waiting").hidden = !list.length;
    place("queue").replaceChildren(rows(list, (row, one) => {
      row.append(`${one.name} · ${clock(one.seconds * 1000)} `);
      if (!one.refused) return;
      add(row, "em", `${say("ditolak")} ${one.refused} `);
      const away = add(row, "button", say("hapus"));
      away.type = "button";
      away.className = "watch-away";
      away.dataset.away = one.id;
    }));
  }
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if (pressed.dataset.activity) {
      chosen = activities.get(pressed.dataset.activity);
      finished = null;
    } else if (pressed.dataset.away) {
      write("menunggu", waiting().filter((one) => one.id !== pressed.dataset.away));
    } else if (acts[pressed.dataset.do]) {
      acts[pressed.dataset.do]();
    } else {
      return;
    }
    draw();
  });

  // --- Sending -------------------------------------------------------------------------------------
  let busy = false;
  async function send() {
    const list = waiting().filter((one) => !one.refused).slice(0, 100);
    if (busy || !list.length) return;
    busy = true;
    try {
      const state = await fetch(body.dataset.stateUrl, { redirect: "manual", cache: "no-store" });
      if (!state.ok) { note(state.status >= 500 ? "putus" : "masuk"); return; }
      const told = await state.json();
      if (told.person !== body.dataset.personKey) { note("orang"); return; }
      const answer = await fetch(body.dataset.sendUrl, {
        method: "POST",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": told.csrf },
        body: JSON.stringify({ observations: list }),
      });
      if (!answer.ok) { note(answer.status >= 500 ? "putus" : "masuk"); return; }
      const { stored, refused, sent: count } = await answer.json();
      const gone = new Set(stored);
      const why = new Map(refused.map((one) => [one.id, one.message]));
      write("menunggu", waiting().filter((one) => !gone.has(one.id)).map((one) => (why.has(one.id) ? { ...one, refused: why.get(one.id) } : one)));
      sent = count;
      note("");
    } catch {
      note("putus");
    } finally {
      busy = false;
      draw();
    }
  }
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { draw(); send(); } });
  setInterval(send, 60000);
  setInterval(tick, 250);

  // --- Opening this page without the server: secure addresses only ------------------------------------
  const worker = navigator.serviceWorker;
  if (!worker || !window.isSecureContext) {
    place("offline").textContent = say("luring-tidak");
  } else {
    worker.addEventListener("message", (event) => {
      if (event.data?.kept) place("offline").textContent = say("luring-bisa");
    });
    worker.register(body.dataset.workerUrl, { scope: body.dataset.scope }).then(async () => {
      const ready = await worker.ready;
      const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], use")]
        .map((one) => one.href?.baseVal ?? one.href ?? one.src)
        .filter(Boolean)
        .map((url) => new URL(url, location).href.replace(/#.*/, ""));
      ready.active?.postMessage({ keep: [...new Set(files)] });
    }).catch(() => { place("offline").textContent = say("luring-tidak"); });
  }

  draw();
  send();
})();
