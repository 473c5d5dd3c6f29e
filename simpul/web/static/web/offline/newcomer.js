/* A new patient without a server: the form in the order of the KTP, readings beside the fields, candidates.
 *
 *   await luring.newcomer.open({typed, at, note})   `typed`: values carried over or read from the search box
 *   luring.newcomer.fromSearch(text)                what the search box says, put where it belongs
 *
 * The person is saved with the first visit, as one item. Candidates never steal the focus or fill the form.
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const { view } = luring;
  const $ = (selector, root = document) => root.querySelector(selector);
  const KEY = "pasien-baru";
  const MOTHER_BELOW = 17;
  let now = null; // {form, draft, candidates, dismissed, reason, timer}

  const values = () => Object.fromEntries(Object.entries(luring.keeping.valuesOf(now.form)).map(([name, text]) => [name, text.trim().replace(/\s+/g, " ")]));
  const echo = (name, words, bad = false) => { const box = $(`#id_${name}-echo`); box.textContent = words; box.classList.toggle("text-warn", bad); };
  function readNik() {
    const { nik, birth_date } = values();
    now.offer = null;
    if (!nik) { echo("nik", ""); return; }
    try {
      const read = luring.reading.nik(nik, luring.today());
      const letter = view.sexLetter(read.sex);
      let typed = null;
      try { typed = birth_date ? luring.dates.read(birth_date, luring.today()).value : null; } catch { typed = null; }
      if (typed && !read.days.includes(typed)) echo("nik", luring.say("l-nik-beda", { day: luring.dates.format(read.days[0]) }), true);
      else if (typed) echo("nik", luring.say("l-nik-baik"));
      else {
        now.offer = { birth_date: luring.dates.typed(read.days[0]), sex: read.sex };
        echo("nik", `${luring.say("l-nik-baik")} · ${letter}, ${luring.dates.format(read.days[0])} ${luring.say("l-nik-pakai")}`);
      }
    } catch (trouble) { echo("nik", trouble.message, true); }
  }
  function readBorn() {
    const { birth_date } = values();
    if (!birth_date) { echo("birth_date", ""); return; }
    try { echo("birth_date", luring.dates.read(birth_date, luring.today()).echo); } catch (trouble) { echo("birth_date", trouble.message, true); }
  }
  function readVillage() {
    const { form } = now;
    const typed = form.elements.village.value.trim().toLowerCase();
    const all = luring.desk.villages();
    const same = all.filter(([name]) => name.toLowerCase() === typed);
    const meant = same.length ? same : typed.length >= 3 ? all.filter(([name]) => name.toLowerCase().startsWith(typed)) : [];
    now.village = meant.length === 1 ? meant[0] : null;
    form.elements.village_code.value = now.village?.[1] || "";
    echo("village", now.village && now.village[0].toLowerCase() !== typed ? `→ ${now.village[0]}` : meant.length > 1 ? meant.slice(0, 4).map(([name]) => name).join(", ") : "");
  }
  async function seek() {
    const mine = now;
    const found = await luring.candidates.of(values(), luring.today());
    if (mine !== now || !$("#mirip")) return; // another pane is open by now
    now.candidates = found;
    const open = found.filter((one) => !now.dismissed.has(one.person.id));
    const box = $("#mirip");
    if (!open.length) {
      const line = Object.assign(document.createElement("p"), { className: "row-sub" });
      line.textContent = luring.say(found.length ? "l-mirip-bukan" : values().name || values().nik ? "l-tak-mirip" : "l-mirip-nanti");
      box.replaceChildren(line);
      return;
    }
    box.replaceChildren(...open.map((one, at) => {
      const card = view.make("luring-mirip", { ...described(one), level_words: luring.say(`l-level-${one.level}`), key: `[${at + 1}]` });
      card.classList.add(`message-${{ certain: "danger", possible: "warning", household: "info" }[one.level]}`);
      card.dataset.level = one.level;
      const button = $("[data-this]", card);
      button.dataset.digit = String(at + 1);
      button.dataset.uji = `pasien-baru-ini-${at + 1}`;
      button.addEventListener("click", () => use(one.person));
      return card;
    }), view.make("luring-bukan"));
    $("[data-none]", box).addEventListener("click", () => { open.forEach((one) => now.dismissed.add(one.person.id)); seek(); now.form.elements.name.focus(); });
  }
  const described = ({ person, agrees, differs }) => ({
    name: person.name, sex: view.sexLetter(person.sex), mrn: person.mrn || "–", born: view.born(person), place: view.place(person),
    agrees: agrees.map((words) => `✓ ${words}`).join(" "), differs: differs.map((words) => `✗ ${words}`).join(" "),
  });
  async function use(person) {
    await now.draft.drop();
    luring.visit.open(person);
  }

  function problems(typed) {
    const found = [];
    const today = luring.today();
    const say = (where, words) => found.push({ where, words });
    let born = null;
    if (!typed.name) say("name", luring.say("l-perlu-nama"));
    if (!typed.sex) say("sex", luring.say("l-perlu-kelamin"));
    if (!typed.village) say("village", luring.say("l-perlu-desa"));
    if (!typed.birth_date) say("birth_date", luring.say("l-perlu-lahir"));
    else {
      try {
        born = luring.dates.read(typed.birth_date, today);
        if (born.century) say("birth_date", luring.say("l-perlu-abad", { options: born.options.map(luring.dates.typed).join(", ") }));
      } catch (trouble) { say("birth_date", trouble.message); }
    }
    if (typed.nik) { try { luring.reading.nik(typed.nik, today); } catch (trouble) { say("nik", trouble.message); } }
    if (typed.bpjs_number && !/^\d{13}$/.test(luring.reading.digitsOf(typed.bpjs_number))) say("bpjs_number", luring.say("l-perlu-bpjs"));
    if (typed.phone && !luring.reading.phone(typed.phone)) say("phone", luring.say("l-perlu-hp"));
    for (const name of ["rt", "rw"]) if (typed[name] && !/^\d+$/.test(typed[name])) say(name, luring.say("l-perlu-rt"));
    const young = born?.value && luring.dates.age(born.value, today).years < MOTHER_BELOW;
    const excused = ["unknown", "foreigner"].includes(typed.no_nik_reason);
    if (!typed.mother_name && !excused && (young || !typed.nik)) say("mother_name", luring.say(young ? "l-perlu-ibu-muda" : "l-perlu-ibu"));
    return { found, born };
  }
  async function save() {
    if (now.busy) return;
    await seek();
    const typed = values();
    if (now.village) [typed.village, typed.village_code] = now.village;
    const { found, born } = problems(typed);
    if (found.length) {
      view.put($("[data-mend]"), view.message({ tone: "danger", title: luring.say("l-perbaiki", { count: found.length }), problems: found, uji: "pasien-baru-perbaiki" }));
      document.getElementById(`id_${found[0].where}`)?.focus();
      return;
    }
    const certain = now.candidates.find((one) => one.level === "certain");
    if (certain && !now.reason) { question(certain); return; }
    now.busy = true;
    const mrn = await luring.numbers.mrn();
    const id = window.simpul.uuid7();
    const [, bare] = luring.names.splitTitles(typed.name);
    const person = {
      id, mrn: mrn?.label || "", name: (bare || typed.name).toUpperCase(), birth_date: born.value, birth_date_estimated: born.estimated, sex: typed.sex,
      village: typed.village, rt: typed.rt, rw: typed.rw, mother_name: typed.mother_name.toUpperCase(), payer: typed.bpjs_number ? "bpjs" : "umum", local: true,
      ...(await luring.people.hashes(typed)),
      pending: { patient_id: id, patient: typed, mrn: mrn?.number ?? null, confirm_new: now.reason || (now.dismissed.size ? "bukan yang mirip" : "") },
    };
    // Kept before the form goes: somebody typed in is never only on the screen.
    if (!(await luring.keeping.write(`baru:${id}`, person))) {
      now.busy = false;
      view.put(document.getElementById("pesan"), view.message({ tone: "danger", title: luring.say("l-penuh"), uji: "luring-penuh" }));
      return;
    }
    await now.draft.drop();
    luring.people.put(person);
    luring.visit.open(person);
  }
  function question(one) {
    const dialog = view.make("luring-tampak-sama", described(one));
    document.body.append(dialog);
    dialog.showModal();
    dialog.tabIndex = -1;
    dialog.focus();
    $("[data-this]", dialog).addEventListener("click", () => { dialog.close(); use(one.person); });
    $("[data-different]", dialog).addEventListener("click", () => {
      const reason = ($('[name="different"]:checked', dialog)?.value || "").replace("…", "");
      const written = $("#id_different_text", dialog).value.trim();
      if (!written && (!reason || reason === "lain")) { $("[data-missing]", dialog).hidden = false; return; }
      now.reason = written || reason;
      dialog.close();
      save();
    });
  }
  function fromSearch(text) {
    const query = luring.reading.query(text, luring.today());
    if (query.kind === "nik" || query.kind === "number") return { nik: query.number };
    if (query.kind === "bpjs") return { bpjs_number: query.number };
    if (query.kind === "phone") return { phone: query.number };
    if (query.kind === "birth_date") return { birth_date: text.trim() };
    if (!query.kind.startsWith("name")) return {};
    const behind = query.text.replace(query.name, "").trim();
    return { name: query.name.toUpperCase(), birth_date: query.dates.length === 1 ? luring.dates.typed(query.dates[0]) : query.kind === "name" ? "" : behind };
  }
  async function open({ typed = null, at = 0, note = "l-draf" } = {}) {
    luring.visit.close();
    now?.draft.stop();
    $("#pesan").replaceChildren(); // what was said about the one before
    view.put($("#kerja"), view.make("luring-baru"));
    const form = $("#pasien-form");
    const kept = await luring.keeping.read(KEY);
    const restored = note === "l-terbawa" && typed ? { at, values: typed } : kept;
    luring.keeping.fill(form, { ...(typed || {}), ...(restored?.values || {}) });
    if (restored && Object.values(restored.values).some((text) => text)) {
      const line = $("#kerja [data-restored]");
      line.hidden = false;
      line.textContent = luring.say(restored === kept ? "l-draf" : note, { time: luring.clock(restored.at) });
      line.dataset.uji = "draf-pulih";
    }
    now = { form, draft: luring.keeping.watch(form, KEY), candidates: [], dismissed: new Set(), reason: "", timer: 0, busy: false };
    luring.keeping.write("tempat", { pane: KEY });
    $("[data-matched-with]").textContent = luring.desk.matchedWith();
    form.addEventListener("input", (event) => {
      if (event.target.name === "nik" || event.target.name === "birth_date") readNik();
      if (event.target.name === "birth_date") readBorn();
      if (event.target.name === "village") readVillage();
      clearTimeout(now.timer);
      now.timer = setTimeout(seek, 250);
    });
    form.elements.nik.addEventListener("scan", (event) => { event.preventDefault(); event.target.value = event.detail.code; event.target.dispatchEvent(new Event("input", { bubbles: true })); });
    form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
    readNik();
    readBorn();
    readVillage();
    if (restored || typed) luring.keeping.write(KEY, luring.keeping.valuesOf(form), form);
    seek();
    (form.elements.nik.value ? form.elements.name : form.elements.nik).focus();
  }
  // On the way down: keys.js takes the Enter itself, to go to the next field.
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.name !== "nik" || event.target.form !== now?.form || !now.offer) return;
    const { form } = now;
    luring.keeping.fill(form, now.offer);
    form.dispatchEvent(new Event("input"));
    readNik();
    readBorn();
  }, true);
  luring.newcomer = { open, fromSearch, close() { now?.draft.stop(); } };
})();
