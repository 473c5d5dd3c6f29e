/* The waiting-room board: it takes its floor's next call, rings, speaks, and says when it was heard.
 *
 *   [data-tv-floor]   the board: its floor, with data-tv-turn and data-tv-heard (addresses to post
 *                     to) and data-tv-token
 *   [data-tv-voice]   "ya": the server can speak; "tidak": bell and text only
 *   [data-tv-lost], [data-tv-last]   shown while the server cannot be reached; time of the last word
 *   [data-tv-sound]   shown while there is no sound; a press allows it
 *   body[data-kept]   the board as last seen, shown by tv_worker.js because the server is not there yet
 *
 * The server gives a call to one television of a floor at a time. A call is reported only after its
 * sound has ended (or, without sound, after it was on the screen for a while); what could not be
 * reported is reported when the server is back, also after a reload.
 */
(() => {
  "use strict";
  const ASK_MS = 8000;
  const SHOWN_MS = 8000;
  const KEEP_AFTER_MS = 2000;
  const AGAIN_MS = 4000;
  const PAUSE_S = 0.8;
  const BELL_S = 1.1;
  const KEPT = "simpul-tv-terdengar";
  const HELD = "simpul-tv-sedang";
  const board = document.querySelector("[data-tv-floor]");
  const lost = document.querySelector("[data-tv-lost]");
  const silent = document.querySelector("[data-tv-sound]");
  const context = "AudioContext" in window ? new AudioContext() : null;
  const isKept = document.body.hasAttribute("data-kept");
  let busy = false;
  let cutSince = 0;

  const hasSound = () => context?.state === "running";
  const hasVoice = () => document.querySelector("[data-tv-voice]")?.dataset.tvVoice === "ya";
  const showSound = () => { silent.hidden = isKept || (hasSound() && hasVoice()); };
  const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  context?.addEventListener("statechange", showSound);
  const allow = () => context?.resume().then(showSound);
  silent.addEventListener("click", allow);
  document.addEventListener("keydown", allow, { once: true });
  showSound();

  async function post(address, values) {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "X-CSRFToken": board.dataset.tvToken },
      body: new URLSearchParams(values),
    });
    if (!answer.ok) throw Object.assign(new Error("refused"), { status: answer.status });
    return answer.json();
  }

  // What was heard and not yet told survives a reload and a server that is away.
  const kept = () => {
    try { return JSON.parse(localStorage.getItem(KEPT) || "[]"); } catch { return []; }
  };
  const keep = (words) => {
    try { localStorage.setItem(KEPT, JSON.stringify(words.slice(-20))); } catch { /* a private window */ }
  };
  async function tell(word) {
    const words = [...kept(), ...(word ? [word] : [])];
    keep(words);
    for (const one of words) {
      try {
        await post(board.dataset.tvHeard, one);
      } catch (refusal) {
        // Another television has it now, or it is long gone: nothing more to say about it.
        if (!refusal.status || refusal.status >= 500) return;
      }
      keep(kept().filter((other) => other.lease !== one.lease));
    }
  }

  function ring() {
    [[880, 0], [659, 0.35]].forEach(([tone, from]) => {
      const start = context.currentTime + from;
      const wave = context.createOscillator();
      const loud = context.createGain();
      wave.frequency.value = tone;
      loud.gain.setValueAtTime(0.3, start);
      loud.gain.exponentialRampToValueAtTime(0.001, start + 0.6);
      wave.connect(loud).connect(context.destination);
      wave.start(start);
      wave.stop(start + 0.6);
    });
  }
  async function fetchSound(address) {
    if (!address) return null;
    try {
      // The whole sentence is here before the first word: a line cut meanwhile stops nothing.
      const answer = await fetch(address);
      return answer.ok ? await context.decodeAudioData(await answer.arrayBuffer()) : null;
    } catch {
      return null;
    }
  }
  function play(sound, from) {
    return new Promise((ended) => {
      const source = context.createBufferSource();
      source.buffer = sound;
      source.connect(context.destination);
      source.addEventListener("ended", ended, { once: true });
      source.start(context.currentTime + from);
      playing.add(source);
      source.addEventListener("ended", () => playing.delete(source), { once: true });
    });
  }
  const playing = new Set();
  async function onScreen(ms) {
    let shown = 0;
    while (shown < ms) {
      await wait(500);
      if (document.visibilityState === "visible") shown += 500;
    }
  }

  async function say(call) {
    if (!hasSound()) { await onScreen(SHOWN_MS); return "text"; }
    const sound = await fetchSound(call.sound);
    ring();
    if (!sound) { await onScreen(SHOWN_MS); return "bell"; }
    await play(sound, BELL_S);
    await play(sound, PAUSE_S);
    return "voice";
  }
  async function announce(call) {
    // A device that sleeps in mid-sentence must not go on when another one has taken the call.
    const late = wait(call.seconds * 1000 - 4000).then(() => "");
    sessionStorage.setItem(HELD, call.lease); // loaded anew in mid-sentence, it begins again
    const how = await Promise.race([say(call), late]);
    sessionStorage.removeItem(HELD);
    playing.forEach((source) => source.stop());
    playing.clear();
    if (how) await tell({ id: call.id, lease: call.lease, how });
  }

  async function ask() {
    const ready = !busy;
    if (ready) busy = true;
    let call = null;
    try {
      const words = { lantai: board.dataset.tvFloor, siap: ready ? "ya" : "", suara: hasSound() ? "ya" : "", lease: sessionStorage.getItem(HELD) || "" };
      call = (await post(board.dataset.tvTurn, words)).call;
      if (ready && call) {
        window.htmx.trigger(board, "live");
        await announce(call);
      } else if (ready) {
        await tell();
      }
    } catch (refusal) {
      // A new server key, or a cookie that was cleared: the page of now has what is needed.
      if (refusal.status === 403 && performance.now() > 60000) location.reload();
    } finally {
      if (ready) busy = false;
    }
    if (ready && call) ask();
  }

  if (!isKept) setInterval(ask, ASK_MS);
  document.addEventListener("htmx:afterSettle", () => {
    showSound();
    if (!busy) ask();
    if (!lost.hidden) return;
    const clock = document.querySelector("[data-clock]");
    const last = document.querySelector("[data-tv-last]");
    if (clock && last) last.textContent = clock.textContent;
  });
  document.addEventListener("simpul:link", (event) => {
    if (isKept) return;
    lost.hidden = event.detail.up;
    document.body.toggleAttribute("data-lost", !event.detail.up);
    // After a long cut the server may be a newer version: start afresh.
    if (!event.detail.up) cutSince = Date.now();
    else if (cutSince && Date.now() - cutSince > 600000) location.reload();
    else if (!busy) ask();
  });
  // A screen must not go dark; the wish is forgotten whenever the page was hidden.
  const stayAwake = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();

  // Switched on before the server: the last board, of its own day and hour, until the server answers.
  // The clock stays away: nobody here knows what time it is.
  if (isKept) {
    const clock = document.querySelector("[data-clock]");
    const [, year, month, day, hour, minute] = /(\d+)-(\d+)-(\d+)T(\d\d):(\d\d)/.exec(clock.dataset.clock) || [];
    const words = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short", timeZone: "UTC" });
    document.querySelector("[data-tv-last]").textContent = `${hour}.${minute}, ${words.format(Date.UTC(year, month - 1, day))}`;
    clock.hidden = true;
    lost.hidden = false;
    document.body.toggleAttribute("data-lost", true);
    setInterval(() => fetch("/health", { cache: "no-store" }).then(({ ok }) => ok && location.reload(), () => {}), AGAIN_MS);
    return;
  }
  // The worker keeps the newest board for the next start; a browser without one (plain http) has none.
  const workers = window.isSecureContext ? navigator.serviceWorker : null;
  let keeping = 0;
  const keepBoard = () => {
    clearTimeout(keeping);
    keeping = setTimeout(async () => {
      const { active } = await workers.ready;
      active.postMessage({ keep: location.pathname + location.search });
    }, KEEP_AFTER_MS);
  };
  workers?.register("/tv/pekerja.js", { scope: "/tv" }).then(keepBoard, () => {});
  if (workers) document.addEventListener("htmx:afterSettle", keepBoard);
  ask();
})();
