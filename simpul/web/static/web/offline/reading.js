/* What was typed or scanned into the one search box, and what a NIK says; as in domain/search.py.
 *
 *   luring.reading.query("siti 120385", today)   {kind, text, number, name, dates, year, scanned, also}
 *   luring.reading.nik("3509…", today)           {number, sex, days: [latest first]} or throws
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const LABELS = { RM: "mrn", AQ: "ticket", BK: "file" };
  const LONGEST_MRN = 8;
  const LONGEST_FAMILY = 12; // family numbers and wide schemes; only as a second reading
  const WITH_PREFIX = /^(?=.*[A-Za-z])[A-Za-z0-9]{1,6}[-./]?[0-9][0-9\-./]{0,16}$/;
  const OLDEST_YEAR = 1850;
  const digitsOf = (text) => text.replace(/[\s.\-–_/]/gu, "");
  const make = (kind, text, more) => ({ kind, text, number: "", name: "", dates: [], year: null, scanned: false, also: [], ...more });

  function datesOf(text, today) {
    try {
      const read = luring.dates.read(text, today);
      if (read.estimated) return [];
      return read.options.length ? read.options : read.value ? [read.value] : [];
    } catch { return []; }
  }
  function phone(text) {
    const digits = text.replace(/[\s().\-–/]/gu, "");
    if (/^\+[1-9][0-9]{6,14}$/.test(digits) && !digits.startsWith("+62")) return digits;
    const national = digits.replace(/^(\+62|0062|62)0?|^0/, "");
    const marked = national !== digits || digits.startsWith("8");
    return marked && /^(8[0-9]{8,12}|[2-79][0-9]{6,10})$/.test(national) ? `+62${national}` : null;
  }
  const phoneOf = (digits) => (/^(08|62|\+)/.test(digits) ? phone(digits) : null);

  function readDigits(text, digits, today) {
    let readings = [];
    const call = phoneOf(digits);
    if (digits.length === 16) readings.push(make("nik", text, { number: digits }));
    else if (call) readings.push(make("phone", text, { number: call }));
    if (/^[0-9]{13}$/.test(digits)) readings.push(make("bpjs", text, { number: digits }));
    const dates = datesOf(text, today);
    const asDate = dates.length ? [make("birth_date", text, { dates })] : [];
    if (asDate.length && digits !== text) readings = asDate;
    else if (digits.length <= LONGEST_MRN && /^[0-9]+$/.test(digits)) readings.push(make("mrn", text, { number: digits }), ...asDate);
    else if (digits.length > LONGEST_MRN && digits.length <= LONGEST_FAMILY && /^[0-9]+$/.test(digits)) {
      if (!readings.length) readings.push(make("number", text, { number: digits }));
      readings.push(make("mrn", text, { number: digits }));
    }
    if (!readings.length) return make("number", text, { number: digits.replace(/^\++/, "") });
    const [first, ...also] = readings;
    return { ...first, also };
  }
  function nameWith(text, name, behind, today) {
    if (/^\d{4}$/.test(behind) && OLDEST_YEAR <= +behind && +behind <= +today.slice(0, 4)) return make("name_year", text, { name, year: +behind });
    const dates = datesOf(behind, today);
    if (dates.length) return make("name_birth_date", text, { name, dates });
    try {
      const { value } = luring.dates.read(behind, today);
      return value ? make("name_year", text, { name, year: +value.slice(0, 4) }) : null;
    } catch { return null; }
  }
  function readName(text, today) {
    const words = text.split(" ");
    const at = words.findIndex((word) => /^\d/.test(word));
    if (at < 0) return make("name", text, { name: text });
    const cuts = [at];
    for (let cut = words.length - 1; cut > 0; cut -= 1) cuts.push(cut);
    for (const cut of cuts) {
      const both = [words.slice(0, cut).join(" "), words.slice(cut).join(" ")];
      const [name, behind] = at ? both : both.reverse();
      if (!name || /\d/.test(name)) continue;
      const found = nameWith(text, name, behind, today);
      if (found) return found;
    }
    const dates = datesOf(text, today);
    if (dates.length) return make("birth_date", text, { dates });
    const letters = words.filter((word) => !/\d/.test(word)).join(" ");
    return make("name", text, { name: letters || text });
  }
  function query(given, today) {
    const text = given.split(/\s+/u).filter(Boolean).join(" ");
    if (!text) return make("empty", text);
    const label = /^(RM|AQ|BK)\s*:\s*(.+)$/i.exec(text);
    if (label) {
      const number = label[2].trim();
      const kind = LABELS[label[1].toUpperCase()];
      return make(kind === "mrn" && /^[0-9]{39}$/.test(number) ? "card" : kind, text, { number, scanned: true });
    }
    const digits = digitsOf(text);
    if (/^\+?[0-9]+$/.test(digits)) return readDigits(text, digits, today);
    const found = readName(text, today);
    if (found.kind === "name" && WITH_PREFIX.test(text)) return make("mrn", text, { number: text, also: [found] });
    if (found.kind === "name" && /^[A-Za-z]{1,6} [0-9]{4,12}$/.test(text)) return { ...found, also: [make("mrn", text, { number: text })] };
    return found;
  }

  // --- NIK: PPKKCC, DDMMYY with 40 added to a woman's day, four digits of serial ------------------
  function nik(given, today) {
    const number = digitsOf(given);
    const refuse = (code, words) => { throw new luring.dates.Unreadable(code, words); };
    const odd = /[^0-9]/u.exec(number);
    if (odd) refuse("nik_not_digits", `NIK hanya berisi angka; ada tanda «${odd[0]}». Periksa ketikannya.`);
    if (number.length !== 16) refuse("nik_length", `NIK harus 16 angka, ${number.length < 16 ? "baru" : "ini"} ${number.length}.`);
    if (!luring.tables.provinces.includes(number.slice(0, 2))) {
      refuse("nik_province", `NIK diawali ${number.slice(0, 2)}, bukan kode provinsi. Cocokkan lagi dengan KTP.`);
    }
    const told = +number.slice(6, 8);
    const [day, sex] = told > 40 ? [told - 40, "female"] : [told, "male"];
    const days = [2000, 1900].flatMap((century) => {
      try { return [luring.dates.calendarDay(day, +number.slice(8, 10), century + +number.slice(10, 12))]; } catch { return []; }
    });
    if (!days.length) refuse("nik_date", `Angka ke-7 sampai 12 pada NIK (${number.slice(6, 12)}) bukan tanggal. Cocokkan lagi dengan KTP.`);
    if (number.slice(12) === "0000") refuse("nik_serial", "Empat angka terakhir NIK tidak mungkin 0000. Cocokkan lagi dengan KTP.");
    const possible = days.filter((value) => value <= today && +today.slice(0, 4) - +value.slice(0, 4) <= 130);
    if (!possible.length) refuse("nik_date", "Tanggal lahir di dalam NIK belum tiba. Cocokkan lagi dengan KTP.");
    return { number, sex, days: possible };
  }
  luring.reading = { query, nik, phone, digitsOf };
})();
