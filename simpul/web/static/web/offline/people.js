/* The people of the Puskesmas, opened into memory and searched as the server would.
 *
 *   await luring.people.load(told)        opens the local copy; told(done) after each bucket
 *   await luring.people.find(text, today) {kind, rows: [{person, exact, similar, opens}]}, best first
 *   luring.people.byId(id) · put(person)  somebody registered here while offline is found at once
 *   luring.people.near(name, dates, hashes)   people to be weighed as candidates
 *   await luring.people.hashes(typed)         of the numbers typed about somebody new, as the copy has them
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const SHOWN = 8;
  const CANDIDATES = 200;
  const SIMILAR_WORDS = 40;
  const ENOUGH = 8;
  const SIMILAR = 0.85;
  let everybody = [];
  let ids = new Map();
  let words = new Map(); // key of a word → places in `everybody`
  let sorted = null; // the keys in order, for beginnings
  const noNumbers = () => ({ nik: new Map(), bpjs: new Map(), phone: new Map(), card: new Map(), mrn: new Map(), born: new Map() });
  let numbers = noNumbers();
  const bareMrn = (text) => String(text).trim().toUpperCase().replace(/^0+(?=.)/, "");
  const note = (map, key, at) => { if (key) { const list = map.get(key); if (list) list.push(at); else map.set(key, [at]); } };

  function put(person) {
    const known = ids.get(person.id);
    const at = known ?? everybody.length;
    everybody[at] = person;
    ids.set(person.id, at);
    if (known !== undefined) return;
    for (const key of luring.names.keys(person.name)) {
      if (!words.has(key)) sorted = null;
      note(words, key, at);
    }
    note(numbers.nik, person.nik_hash, at);
    note(numbers.bpjs, person.bpjs_hash, at);
    note(numbers.phone, person.phone_hash, at);
    for (const one of person.card_hashes || []) note(numbers.card, one, at);
    note(numbers.mrn, person.mrn && bareMrn(person.mrn), at);
    note(numbers.born, person.birth_date, at);
  }
  async function load(told = () => {}) {
    everybody = [];
    ids = new Map();
    words = new Map();
    sorted = null;
    numbers = noNumbers();
    await luring.copying.everybody((some) => { some.forEach(put); told(everybody.length); });
    order();
  }
  const order = () => (sorted ||= [...words.keys()].sort());

  function begunBy(key) {
    if (key.length < 2) return [key];
    const list = order();
    let low = 0;
    let high = list.length;
    while (low < high) { const middle = (low + high) >> 1; if (list[middle] < key) low = middle + 1; else high = middle; }
    const found = [key];
    for (let at = low; at < list.length && list[at].startsWith(key) && found.length <= SIMILAR_WORDS; at += 1) if (list[at] !== key) found.push(list[at]);
    return found;
  }
  /* Words one slip away: they share a form that lacks one letter. */
  function slipsOf(key) {
    const forms = new Set(luring.names.variants(key));
    const found = [];
    for (const word of words.keys()) {
      if (Math.abs(word.length - key.length) > 1 || word === key) continue;
      if (forms.has(word) || luring.names.variants(word).some((form) => forms.has(form))) found.push([luring.names.edits(word, key), word]);
    }
    return found.sort((a, b) => a[0] - b[0]).slice(0, SIMILAR_WORDS).map(([, word]) => word);
  }
  function havingAll(groups) {
    const lists = groups.map((group) => { const places = new Set(); for (const word of group) for (const at of words.get(word) || []) places.add(at); return places; });
    if (!lists.length || lists.some((list) => !list.size)) return [];
    const [lead, ...others] = lists.sort((a, b) => a.size - b.size);
    return [...lead].filter((at) => others.every((list) => list.has(at)));
  }
  function named(name, slips = true) {
    const keys = luring.names.keys(name);
    if (!keys.length || keys.every((key) => key.length < 2)) return [];
    const exact = keys.map((key, n) => (n === keys.length - 1 ? begunBy(key) : [key]));
    let found = havingAll(exact);
    if (slips && found.length < ENOUGH) {
      const near = exact.map((group, n) => [...new Set([...group, ...slipsOf(keys[n])])]);
      found = [...new Set([...found, ...havingAll(near)])];
      if (!found.length && near.length > 1) {
        const known = near.filter((group) => group.some((word) => words.has(word)));
        if (known.length && known.length < near.length) found = havingAll(known);
      }
    }
    return found;
  }
  const hit = (at, score, exact = false) => ({ at, score, exact });
  function byNumber(list, score = 1) {
    return (list || []).map((at) => hit(at, score, list.length === 1));
  }
  /* A number as this computer knows it; "" without a copy. */
  async function hashed(number) {
    const { salt } = (await luring.copying.packet()) || {};
    return salt && number ? luring.seal.digest(salt, number) : "";
  }
  async function findOne(query) {
    switch (query.kind) {
      case "nik": case "bpjs": case "card": return byNumber(numbers[query.kind].get(await hashed(query.number)));
      case "phone": return byNumber(numbers.phone.get(await hashed(query.number)), 0.9);
      case "mrn": case "file": return byNumber(numbers.mrn.get(bareMrn(query.number)));
      case "birth_date": return query.dates.flatMap((day) => numbers.born.get(day) || []).slice(0, CANDIDATES).map((at) => hit(at, 0.6));
      case "name": case "name_birth_date": case "name_year": {
        const fits = (person) => (query.dates.length ? query.dates.includes(person.birth_date) : !query.year || person.birth_date.startsWith(String(query.year)));
        const places = named(query.name).filter((at) => fits(everybody[at])).slice(0, CANDIDATES * 5);
        const liking = new Map(); // many share one name
        const score = (person) => {
          if (!liking.has(person.name)) liking.set(person.name, luring.names.likeness(query.name, person.name));
          return liking.get(person.name) * 0.9 + (query.dates.includes(person.birth_date) ? 0.1 : 0);
        };
        return places.map((at) => hit(at, score(everybody[at])));
      }
      default: return [];
    }
  }
  async function find(text, today) {
    const query = luring.reading.query(text.replaceAll("\0", "").slice(0, 200), today);
    const best = new Map();
    for (const reading of [query, ...query.also]) {
      for (const one of await findOne(reading)) if (!best.has(one.at) || best.get(one.at).score < one.score) best.set(one.at, one);
    }
    const hits = [...best.values()].sort((a, b) => b.score - a.score || (everybody[a.at].name < everybody[b.at].name ? -1 : 1)).slice(0, SHOWN);
    const whole = ["nik", "bpjs", "card"].includes(query.kind) || (["mrn", "file"].includes(query.kind) && query.scanned);
    const alike = new Set();
    hits.forEach((one, n) => hits.slice(n + 1).forEach((other) => {
      if (luring.names.likeness(everybody[one.at].name, everybody[other.at].name) >= SIMILAR) alike.add(one.at).add(other.at);
    }));
    const rows = hits.map((one) => {
      const exact = one.exact && hits.length === 1;
      return { person: everybody[one.at], exact, similar: alike.has(one.at), opens: exact && whole };
    });
    return { kind: query.kind, query, rows };
  }
  function near(name, dates, hashes) {
    const places = new Set();
    if (name) named(name).slice(0, CANDIDATES).forEach((at) => places.add(at));
    for (const day of dates) (numbers.born.get(day) || []).slice(0, CANDIDATES).forEach((at) => places.add(at));
    (numbers.nik.get(hashes.nik) || []).concat(numbers.bpjs.get(hashes.bpjs) || []).forEach((at) => places.add(at));
    return [...places].map((at) => everybody[at]);
  }
  async function hashes({ nik, bpjs_number, phone }) {
    const digits = (text) => luring.reading.digitsOf(text || "");
    return {
      nik_hash: await hashed(digits(nik)), bpjs_hash: await hashed(digits(bpjs_number)),
      phone_hash: await hashed((phone && luring.reading.phone(phone)) || ""), card_hashes: [],
    };
  }
  luring.people = { load, find, put, near, hashes, byId: (id) => everybody[ids.get(id)], count: () => everybody.length };
})();
