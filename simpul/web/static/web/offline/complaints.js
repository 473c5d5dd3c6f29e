/* Reading a complaint as simpul/domain/placement_reading.py does: words, parts, how long, what is denied.
 *
 *   const vocabulary = luring.complaints.vocabulary(phrases, reading)   `reading` comes with the rules
 *   const heard = vocabulary.hear("batuk sdh 3 minggu")
 *   vocabulary.find("batuk", heard)   places; vocabulary.denied(start, heard)
 *
 * tests/domain/complaints.csv is the common examination of both readers.
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const BREAK = ",";
  const PIECE = /[a-z]+|\d+(?:[.,]\d+)?|[,;.:/+&()\n]/g;
  const APOSTROPHES = /['’‘`´ʼʹ]/gu;
  const DOUBLED = /\b([a-z]{3,})2(?!\d)(?!\s*(?:hari|hr|minggu|mgg|mg|bulan|bln|bl|tahun|thn|th)\b)/g;
  const isNumber = (word) => /^\d/.test(word);
  const ascii = (text) => [...text.toLowerCase().normalize("NFKD")].filter((sign) => sign.codePointAt(0) < 128).join("");

  /* Optimal string alignment: a letter more, less, other, or two neighbours swapped. */
  function osa(a, b) {
    const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
    for (let i = 1; i <= a.length; i += 1) {
      rows.push([i]);
      for (let j = 1; j <= b.length; j += 1) {
        const cost = a[i - 1] === b[j - 1] ? 0 : 1;
        let best = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, rows[i - 2][j - 2] + 1);
        rows[i].push(best);
      }
    }
    return rows[a.length][b.length];
  }
  const backToBreak = (words, at) => { while (at > 0 && words[at - 1] !== BREAK) at -= 1; return at; };
  const onToBreak = (words, at) => { while (at < words.length && words[at] !== BREAK) at += 1; return at; };

  function vocabulary(phrases, reading) {
    const lists = {};
    for (const name of ["negations", "denied_through", "continuers", "fillers", "not_lasting", "ordinary", "quiet"]) lists[name] = new Set(reading[name]);
    const numbers = new Map(Object.entries(reading.numbers));
    const units = new Map(Object.entries(reading.units));
    const spansOf = new Map(Object.entries(reading.spans));
    const short = new Map(Object.entries(reading.abbreviations));

    const cut = (text) => (ascii(text).replace(APOSTROPHES, "").replace(DOUBLED, "$1 $1").match(PIECE) || []).flatMap((piece) => {
      if (/[a-z]/.test(piece[0])) return short.get(piece) || [piece];
      return [isNumber(piece) ? piece.replaceAll(",", ".") : BREAK];
    });
    function sound(word) {
      if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
      let heard = word;
      for (const [written, meant] of reading.sounds) heard = heard.replaceAll(written, meant);
      return heard.replace(/(.)\1+/g, "$1");
    }
    const isAge = (words, at) => at > 0 && lists.not_lasting.has(words[at - 1]);
    const says = (words) => words.some((word) => !lists.fillers.has(word) && !isNumber(word));
    const count = (word) => (isNumber(word) ? Number(word) : numbers.get(word));
    function timesIn(words) {
      const times = [];
      for (let at = 0; at < words.length;) {
        if (spansOf.has(words[at])) {
          if (!isAge(words, at)) times.push([at, at + 1, spansOf.get(words[at])]);
          at += 1;
        } else if (count(words[at]) !== undefined && units.has(words[at + 1])) {
          if (!isAge(words, at)) times.push([at, at + 2, count(words[at]) * units.get(words[at + 1])]);
          at += 2;
        } else at += 1;
      }
      return times;
    }
    function spansIn(words) {
      const spans = [];
      const times = timesIn(words);
      times.forEach(([at, after, days], n) => {
        let start = backToBreak(words, at);
        if (n && times[n - 1][1] > start) start = times[n - 1][1];
        if (says(words.slice(start, at))) { spans.push([start, at, days]); return; }
        const limit = n + 1 < times.length ? times[n + 1][0] : words.length;
        const end = Math.min(onToBreak(words, after), limit);
        if (says(words.slice(after, end))) spans.push([after, end, days]);
        else if (start > 0 && words[start - 1] === BREAK) spans.push([backToBreak(words, start - 1), start - 1, days]);
      });
      return spans;
    }
    function read(text) {
      const words = cut(text);
      let part = 0;
      const parts = words.map((word) => (part += word === BREAK ? 1 : 0));
      const quiet = words.every((word) => word === BREAK || isNumber(word) || lists.quiet.has(word) || lists.fillers.has(word));
      return { words, parts, spans: spansIn(words), quiet };
    }

    const wantedBy = new Map([...phrases].map((phrase) => [phrase, cut(phrase)]));
    const listed = new Set([...wantedBy.values()].flat());
    const bySound = new Map();
    for (const word of listed) bySound.set(sound(word), [...(bySound.get(sound(word)) || []), word]);
    const isSlip = (a, b) => osa(a, b) <= (Math.min(a.length, b.length) >= reading.fuzzy_letters_two ? 2 : 1);
    const known = new Map();
    function meanings(said) {
      if (!known.has(said)) known.set(said, findMeanings(said));
      return known.get(said);
    }
    // "dmm" and "demam" apart: a short word may have lost one vowel, nothing else.
    const withoutVowel = new Map();
    for (const word of listed) {
      if (word.length !== reading.fuzzy_letters) continue;
      [...word].forEach((letter, at) => {
        if (!at || !reading.vowels.includes(letter)) return;
        const shorter = word.slice(0, at) + word.slice(at + 1);
        withoutVowel.set(shorter, [...(withoutVowel.get(shorter) || []), word]);
      });
    }
    /* The words it is when it was written right, or as it sounds, or with an ending. */
    function right(said) {
      const found = new Set([said, ...(bySound.get(sound(said)) || [])]);
      for (const ending of reading.endings) {
        const stem = said.endsWith(ending) ? said.slice(0, -ending.length) : said;
        if (stem !== said && stem.length >= reading.ending_stem_letters) (bySound.get(sound(stem)) || []).forEach((word) => found.add(word));
      }
      for (const word of found) if (!listed.has(word)) found.delete(word);
      return found;
    }
    function misspelt(said) {
      if (said.length < reading.fuzzy_letters) return new Set(withoutVowel.get(said) || []);
      const heard = sound(said);
      const found = new Set();
      if (heard.length >= reading.fuzzy_letters) {
        for (const [other, words] of bySound) {
          if (other.length >= reading.fuzzy_letters && other[0] === heard[0] && isSlip(heard, other)) words.forEach((word) => found.add(word));
        }
      }
      // A letter that was left out may have stood between two equal ones: geraam, geraham.
      for (const word of listed) {
        if (word.length >= reading.fuzzy_letters && /^[a-z]+$/.test(word) && word[0] === said[0] && isSlip(said, word)) found.add(word);
      }
      return found;
    }
    function findMeanings(said) {
      if (said === BREAK || isNumber(said)) return new Set([said]);
      if (["ordinary", "fillers", "negations"].some((name) => lists[name].has(said))) return new Set(listed.has(said) ? [said] : []);
      const found = right(said);
      return found.size ? found : misspelt(said);
    }
    function follow(wanted, words, start) {
      let at = start + 1;
      for (const word of wanted.slice(1)) {
        let skipped = 0;
        while (at < words.length && !meanings(words[at]).has(word)) {
          if (!lists.fillers.has(words[at]) || skipped === reading.most_fillers) return false;
          skipped += 1;
          at += 1;
        }
        if (at === words.length) return false;
        at += 1;
      }
      return true;
    }
    function find(phrase, heard) {
      const wanted = wantedBy.get(phrase);
      if (!wanted.length) return [];
      return heard.words.flatMap((word, at) => (meanings(word).has(wanted[0]) && follow(wanted, heard.words, at) ? [at] : []));
    }
    function denied(start, { words }) {
      let at = start - 1;
      if (at >= 0 && lists.denied_through.has(words[at])) at -= 1;
      if (at >= 0 && lists.negations.has(words[at])) return true;
      if (start > 0 && lists.continuers.has(words[start - 1])) {
        return words.slice(Math.max(backToBreak(words, start), start - 5), start).some((word) => lists.negations.has(word));
      }
      return false;
    }
    return { hear: read, find, denied };
  }
  luring.complaints = { vocabulary };
})();
