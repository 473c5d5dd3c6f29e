/* Names made comparable, as in simpul/domain/names.py: the same words, the same keys.
 *
 *   luring.names.keys("H. Moch. Ma'ruf")   ["MUHAMAD", "MARUP"]: one key a word, for the local index
 *   luring.names.likeness(a, b)            0 to 1: word order does not count, a missing word little
 *   luring.names.variants(key)             the key and every form of it that lacks one letter
 *
 * The word tables come from the server (luring.tables.names), so that there is one list only.
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const INITIAL_LIKENESS = 0.85;
  const COMMON_WEIGHT = 2;
  const UNMATCHED_WEIGHT = 0.4;
  const SHORTEST_WITH_VARIANTS = 4;
  const SERVANT = /^ABD(?:U|OE)(?:L(?!L?[AO]H?$)([A-Z]{4,})|([RSNTZD][A-Z]{4,}))$/;
  let tables = null;
  const folded = new Map(); // a key is asked for a hundred thousand people; words repeat

  function load(given) {
    tables = {
      titles: new Set(given.titles), degrees: new Set(given.degrees), particles: new Set(given.particles),
      common: new Set(given.common), same: new Map(Object.entries(given.same)), variants: new Map(Object.entries(given.variants)),
      folds: given.folds.map(([pattern, by]) => [new RegExp(pattern, "g"), by.replace(/\\(\d)/g, "$$$1")]),
    };
    folded.clear();
  }
  const split = (text) => text.split(/\s+/u).filter(Boolean);
  const plain = (text) => text.replace(/['’‘`´ʼʿʾ]/gu, "").normalize("NFKD").replace(/\p{M}/gu, "").toUpperCase();
  const bare = (word) => word.replace(/^\.+|\.+$/g, "");

  function dropDegrees(text) {
    const comma = text.indexOf(",");
    let name = comma < 0 ? text : text.slice(0, comma);
    if (!/\p{L}/u.test(name)) name = comma < 0 ? "" : text.slice(comma + 1);
    const words = split(name);
    while (words.length > 1) {
      const last = words[words.length - 1];
      if (!last.includes(".") || !tables.degrees.has(last.replaceAll(".", ""))) break;
      words.pop();
    }
    return words.join(" ");
  }
  function splitTitles(name) {
    const words = split(name);
    let count = 0;
    while (count < words.length - 1 && tables.titles.has(bare(plain(words[count])))) count += 1;
    const glued = words.length ? /^(\p{L}{1,4})\.(?=\p{L}{2})/u.exec(words[count]) : null;
    if (glued && tables.titles.has(plain(glued[1]))) {
      const rest = [words[count].slice(glued[0].length), ...words.slice(count + 1)];
      return [[...words.slice(0, count), glued[0]].join(" "), rest.join(" ")];
    }
    return [words.slice(0, count).join(" "), words.slice(count).join(" ")];
  }
  function tokens(name) {
    const [, rest] = splitTitles(dropDegrees(plain(name)));
    const words = (rest.match(/[\p{L}\p{N}]+/gu) || []).map((word) => tables.same.get(word) ?? word);
    if (words.length > 1 && words[0] === "M") words[0] = "MUHAMAD";
    return words;
  }
  function fold(token) {
    const known = folded.get(token);
    if (known !== undefined) return known;
    let word = tables.variants.get(token) ?? token;
    for (const [pattern, by] of tables.folds) word = word.replace(pattern, by);
    folded.set(token, word);
    return word;
  }
  function compared(name) {
    const words = [];
    tokens(name).forEach((word, at) => {
      if (at && tables.particles.has(word)) return;
      const servant = SERVANT.exec(word);
      if (servant) words.push("ABDUL", servant[1] || servant[2]);
      else words.push(word);
    });
    return words;
  }
  const keys = (name) => [...new Set(compared(name).map(fold))];
  function variants(token) {
    if (token.length < SHORTEST_WITH_VARIANTS) return [token];
    const found = new Set([token]);
    for (let at = 0; at < token.length; at += 1) found.add(token.slice(0, at) + token.slice(at + 1));
    return [...found];
  }

  /* Edits between two words, a swap of neighbours counted as one (Damerau and Levenshtein). */
  function edits(a, b) {
    const far = a.length + b.length;
    const seen = new Map();
    const rows = Array.from({ length: a.length + 2 }, () => new Array(b.length + 2).fill(0));
    rows[0][0] = far;
    for (let i = 0; i <= a.length; i += 1) { rows[i + 1][0] = far; rows[i + 1][1] = i; }
    for (let j = 0; j <= b.length; j += 1) { rows[0][j + 1] = far; rows[1][j + 1] = j; }
    for (let i = 1; i <= a.length; i += 1) {
      let match = 0;
      for (let j = 1; j <= b.length; j += 1) {
        const k = seen.get(b[j - 1]) || 0;
        const l = match;
        const cost = a[i - 1] === b[j - 1] ? 0 : 1;
        if (!cost) match = j;
        rows[i + 1][j + 1] = Math.min(rows[i][j] + cost, rows[i + 1][j] + 1, rows[i][j + 1] + 1, rows[k][l] + (i - k - 1) + 1 + (j - l - 1));
      }
      seen.set(a[i - 1], i);
    }
    return rows[a.length + 1][b.length + 1];
  }
  const alike = (a, b) => (a.length || b.length ? 1 - edits(a, b) / Math.max(a.length, b.length) : 1);
  function wordLikeness(a, b) {
    if (a === b) return 1;
    if (a.length === 1 || b.length === 1) return a[0] === b[0] ? INITIAL_LIKENESS : 0;
    return alike(a, b);
  }
  const weight = (word) => (tables.common.has(word) ? COMMON_WEIGHT : Math.max(word.length, 2));
  const isAfter = (a, b) => a.length > b.length || (a.length === b.length && a.join("\u0000") > b.join("\u0000"));

  function likeness(first, second) {
    let shorter = keys(first);
    let longer = keys(second);
    if (!shorter.length || !longer.length) return 0;
    if (shorter.join(" ") === longer.join(" ")) return 1;
    if (isAfter(shorter, longer)) [shorter, longer] = [longer, shorter];
    let agreed = shorter.filter((word) => longer.includes(word)).reduce((sum, word) => sum + weight(word), 0);
    const ones = shorter.filter((word) => !longer.includes(word));
    const others = longer.filter((word) => !shorter.includes(word));
    let total = agreed;
    if (!ones.length && !others.length) return 1;
    const pairs = ones.flatMap((a, i) => others.map((b, j) => [-wordLikeness(a, b), i, j]));
    pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    const used = new Map();
    const taken = new Set();
    for (const [unlike, i, j] of pairs) {
      if (used.has(i) || taken.has(j)) continue;
      used.set(i, j);
      taken.add(j);
      const both = (weight(ones[i]) + weight(others[j])) / 2;
      agreed -= both * unlike;
      total += both;
    }
    total += UNMATCHED_WEIGHT * others.reduce((sum, word, j) => sum + (taken.has(j) ? 0 : weight(word)), 0);
    if (shorter.length === longer.length) return agreed / total;
    return Math.max(agreed / total, alike(shorter.join(""), longer.join("")));
  }
  luring.names = { load, tokens, fold, keys, variants, splitTitles, likeness, edits };
})();
