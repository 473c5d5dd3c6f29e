/* The waiting-room board: sound, voice, and honest words when the line is cut.
 *
 *   [data-call="ID of the call"]     the number now called; a new ID rings and is spoken
 *     data-call-say="…"              sentence to speak (twice)
 *     data-call-audio="/a.wav /b.wav"   sound files to play instead of the browser's voice
 *   [data-tv-lost], [data-tv-last]   shown while the server cannot be reached; time of the last word
 *   [data-tv-sound]                  shown while this browser may not or cannot make sound; a press allows it
 */
(() => {
  "use strict";
  const lost = document.querySelector("[data-tv-lost]");
  const silent = document.querySelector("[data-tv-sound]");
  const context = "AudioContext" in window ? new AudioContext() : null;
  let voice = null;
  let cutSince = 0;
  const current = () => document.querySelector("[data-call]");
  let spoken = current()?.dataset.call; // what hung there at start was called before we woke

  const canSpeak = () => Boolean(voice) || Boolean(current()?.dataset.callAudio);
  const showSound = () => { silent.hidden = context?.state === "running" && canSpeak(); };
  const findVoice = () => {
    voice = window.speechSynthesis?.getVoices().find((one) => /^id([-_]|$)/i.test(one.lang)) || null;
    showSound();
  };
  window.speechSynthesis?.addEventListener?.("voiceschanged", findVoice);
  context?.addEventListener("statechange", showSound);
  silent.addEventListener("click", () => context?.resume().then(showSound));
  findVoice();

  function chime() {
    if (context?.state !== "running") return;
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
  async function play(files) {
    for (const file of files) {
      const sound = new Audio(file);
      await sound.play();
      await new Promise((resolve) => { sound.onended = sound.onerror = resolve; });
    }
  }
  function speak(sentence) {
    if (!voice || !sentence) return;
    const words = new SpeechSynthesisUtterance(sentence);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = 0.9;
    window.speechSynthesis.speak(words);
  }
  function call() {
    const now = current();
    if (!now || now.dataset.call === spoken) return;
    spoken = now.dataset.call;
    chime();
    const files = (now.dataset.callAudio || "").split(/\s+/).filter(Boolean);
    const { callSay } = now.dataset;
    setTimeout(() => {
      if (files.length) play([...files, ...files]).catch(showSound);
      else { speak(callSay); speak(callSay); }
    }, 1000);
  }
  document.addEventListener("htmx:afterSettle", () => {
    call();
    if (!lost.hidden) return;
    const clock = document.querySelector("[data-clock]");
    const last = document.querySelector("[data-tv-last]");
    if (clock && last) last.textContent = clock.textContent;
  });
  document.addEventListener("simpul:link", (event) => {
    lost.hidden = event.detail.up;
    document.body.toggleAttribute("data-lost", !event.detail.up);
    // After a long cut the server may be a newer version: start afresh.
    if (!event.detail.up) cutSince = Date.now();
    else if (cutSince && Date.now() - cutSince > 600000) location.reload();
  });
  navigator.wakeLock?.request("screen").catch(() => {});
})();
