/* People who may be the one being typed, weighed as the server does (simpul/domain/matching.py).
 *
 *   await luring.candidates.of(typed, today)   ≤ 5 of {person, level, agrees, differs}, the surest first
 *
 * Of a NIK the local copy knows only whether it is the same one; slips in it are found by the server
 * when it is reached again. Weights and words come from the server (luring.tables.matching).
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const SHOWN = 5;
  const RANK = { certain: 0, possible: 1, household: 2 };
  const bare = (text) => text.trim().replace(/^0+/, "");

  function dateOutcome(a, b) {
    const apart = Math.abs(luring.dates.stamp(a.birth_date) - luring.dates.stamp(b.birth_date)) / 86400000;
    if (a.birth_date_estimated || b.birth_date_estimated) return ["age", apart <= 400 ? "near" : apart <= 1096 ? "rough" : "differs", ""];
    if (a.birth_date === b.birth_date) return ["birth_date", "same", ""];
    const [y, m, d] = luring.dates.parts(a.birth_date);
    const [y2, m2, d2] = luring.dates.parts(b.birth_date);
    if (y === y2 && m === d2 && d === m2) return ["birth_date", "swapped", "hari & bulan lahir tertukar"];
    if (m === m2 && d === d2 && Math.abs(y - y2) === 1) return ["birth_date", "year", "tahun lahir beda 1"];
    const one = luring.dates.typed(a.birth_date);
    const other = luring.dates.typed(b.birth_date);
    if (luring.names.edits(one, other) !== 1) return ["birth_date", "differs", ""];
    const swapped = [...one].sort().join("") === [...other].sort().join("");
    return ["birth_date", "slip", swapped ? "tgl lahir 2 angka tertukar" : "tgl lahir beda 1 angka"];
  }
  function compareFields(a, b) {
    const outcomes = {};
    const said = {};
    const liking = luring.names.likeness(a.name, b.name);
    if (a.name && b.name) outcomes.name = liking >= 0.97 ? "same" : liking >= 0.84 ? "close" : liking >= 0.7 ? "partly" : "differs";
    if (a.birth_date && b.birth_date) {
      const [field, outcome, words] = dateOutcome(a, b);
      outcomes[field] = outcome;
      if (words) said[field] = words;
    }
    if (a.nik_hash && b.nik_hash) outcomes.nik = a.nik_hash === b.nik_hash ? "same" : "differs";
    if (a.bpjs_hash && b.bpjs_hash) outcomes.bpjs = a.bpjs_hash === b.bpjs_hash ? "same" : "differs";
    if (a.mother_name && b.mother_name) {
      const alike = luring.names.likeness(a.mother_name, b.mother_name);
      outcomes.mother_name = alike >= 0.85 ? "same" : alike >= 0.6 ? "partly" : "differs";
    }
    if (a.sex && b.sex) outcomes.sex = a.sex === b.sex ? "same" : "differs";
    if (a.village && b.village) outcomes.village = luring.names.keys(a.village).join(" ") === luring.names.keys(b.village).join(" ") ? "same" : "differs";
    if (a.rt && b.rt) outcomes.rt = bare(a.rt) === bare(b.rt) ? "same" : "differs";
    if (a.rw && b.rw) outcomes.rw = bare(a.rw) === bare(b.rw) ? "same" : "differs";
    return { outcomes, said };
  }
  function home(outcomes) {
    if (!outcomes.village) return null;
    if (outcomes.village === "differs") return "elsewhere";
    return outcomes.rt === "same" && outcomes.rw === "same" ? "neighbours" : "village";
  }
  function shareBits(name) {
    const { shares, scales, rarest } = luring.tables.matching;
    const keys = luring.names.keys(name);
    if (!keys.length) return 0;
    return Math.log2(scales[Math.min(keys.length, scales.length) - 1]) + keys.reduce((sum, key) => sum + Math.log2(shares[key] ?? rarest), 0);
  }
  function rarer(a, b) {
    const { average, common_bits, rare_bits } = luring.tables.matching;
    return Math.min(Math.max(average - Math.max(shareBits(a), shareBits(b)), -common_bits), rare_bits);
  }
  function bits(a, b, outcomes) {
    const { weights, prior } = luring.tables.matching;
    let [strangers, household] = prior;
    for (const [field, outcome] of Object.entries(outcomes)) {
      const weight = weights[field]?.[outcome];
      if (!weight) continue;
      strangers += weight[0];
      household += weight[1];
    }
    if (outcomes.name === "same") strangers += rarer(a.name, b.name);
    else if (outcomes.name === "close") strangers += 0.5 * rarer(a.name, b.name);
    if (outcomes.mother_name === "same") strangers += rarer(a.mother_name, b.mother_name);
    if (household - strangers > 60) return strangers;
    if (strangers - household > 60) return household;
    return -Math.log2(2 ** -strangers + 2 ** -household);
  }
  /* Twins, or a parent and a child of one name: asked about, never decided. */
  function household(a, b, outcomes) {
    if (outcomes.nik === "same" || outcomes.bpjs === "same") return "";
    if (outcomes.birth_date === "same" && outcomes.mother_name === "same" && outcomes.name !== "same") {
      if (outcomes.sex === "differs" || outcomes.name === "differs" || outcomes.name === "partly") return "mungkin kembar";
    }
    if (outcomes.name !== "same" || !a.birth_date || !b.birth_date) return "";
    const shared = home(outcomes);
    if (shared === null ? (outcomes.birth_date || "differs") === "differs" : shared === "elsewhere") return "";
    const [older, younger] = [a.birth_date, b.birth_date].sort();
    const apart = luring.dates.age(older, younger).years;
    return apart > 14 ? `nama sama, selisih umur ${apart} th: orang tua dan anak?` : "";
  }
  function compare(a, b) {
    const { agrees: agreeing, differs: differing } = luring.tables.matching.words;
    const { outcomes, said } = compareFields(a, b);
    const weighed = Object.fromEntries(Object.entries(outcomes).filter(([field]) => !["village", "rt", "rw"].includes(field)));
    const whole = home(outcomes);
    if (whole) weighed.home = whole;
    const odds = bits(a, b, weighed);
    const agrees = Object.entries(outcomes).filter(([, outcome]) => outcome !== "differs").map(([field, outcome]) => said[field] || agreeing[`${field} ${outcome}`]).filter(Boolean);
    const differs = Object.entries(outcomes).filter(([field, outcome]) => outcome === "differs" && differing[field]).map(([field]) => differing[field]);
    const reason = household(a, b, outcomes);
    if (reason) return { level: "household", odds, agrees: [...agrees, reason], differs };
    const nothing = ["differs", "partly", "elsewhere", "village"];
    const more = ["nik", "bpjs", "mother_name", "home"].some((field) => !nothing.includes(weighed[field] || "differs"));
    const number = weighed.nik === "same" || weighed.bpjs === "same";
    // A newborn under the mother's name may be any child of that birth; brother and sister share the rest.
    const unnamed = (one) => one.mother_name && luring.names.keys(one.name).join(" ") === luring.names.keys(one.mother_name).join(" ");
    const isOpen = !number && (unnamed(a) || unnamed(b));
    const level = odds >= 10 && more && !isOpen ? (outcomes.sex !== "differs" || number ? "certain" : "possible") : odds >= -4 || weighed.nik === "same" ? "possible" : null;
    return { level, odds, agrees, differs };
  }
  async function of(typed, today) {
    const { salt } = (await luring.copying.packet()) || {};
    let born = { value: null, estimated: false, options: [] };
    try { born = luring.dates.read(typed.birth_date || "", today); } catch { /* not yet a date */ }
    const whole = (text, count) => { const digits = luring.reading.digitsOf(text || ""); return digits.length === count && /^\d+$/.test(digits) ? digits : ""; };
    const nik = whole(typed.nik, 16);
    const bpjs = whole(typed.bpjs_number, 13);
    const [, bareName] = luring.names.splitTitles((typed.name || "").trim());
    const name = (bareName || typed.name || "").trim().toUpperCase();
    if (!salt || !(nik || bpjs || (name.length >= 2 && born.value))) return [];
    const key = {
      name, birth_date: born.value, birth_date_estimated: born.estimated, sex: typed.sex || "", mother_name: (typed.mother_name || "").toUpperCase(),
      village: typed.village || "", rt: typed.rt || "", rw: typed.rw || "",
      nik_hash: nik && (await luring.seal.digest(salt, nik)), bpjs_hash: bpjs && (await luring.seal.digest(salt, bpjs)),
    };
    const swapped = born.value && born.value.slice(8) <= "12" ? [`${born.value.slice(0, 5)}${born.value.slice(8)}-${born.value.slice(5, 7)}`] : [];
    const people = luring.people.near(name, born.value ? [born.value, ...swapped] : [], { nik: key.nik_hash, bpjs: key.bpjs_hash });
    const found = people.map((person) => ({ person, ...compare(key, person) })).filter((one) => one.level);
    return found.sort((a, b) => RANK[a.level] - RANK[b.level] || b.odds - a.odds).slice(0, SHOWN);
  }
  luring.candidates = { of, compare };
})();
