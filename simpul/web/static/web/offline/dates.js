/* Birth dates as people type them, as in simpul/domain/dates.py: 12031985, 12/3/85, 35th, 8bl.
 *
 *   luring.dates.read("12/3/85", "2025-02-03")  {value, estimated, century, echo, options} or throws
 *   luring.dates.age("1985-03-12", today)       {years, months, days}
 *
 * A day is written YYYY-MM-DD, as the server sends it; no time zone can move it then.
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});
  const MAX_AGE_YEARS = 130;
  const MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];
  const SHORT = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"];
  const WEEKDAYS = ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"];
  const WORDS = new Map([
    ...MONTHS.map((name, at) => [name.toLowerCase(), at + 1]), ...SHORT.map((name, at) => [name.toLowerCase(), at + 1]),
    ["peb", 2], ["pebruari", 2], ["mrt", 3], ["may", 5], ["agt", 8], ["agus", 8], ["agst", 8], ["aug", 8],
    ["sept", 9], ["oct", 10], ["nop", 11], ["nopember", 11], ["dec", 12],
  ]);
  const AGE_PART = String.raw`(\d{1,3})\s*(tahun|thn|th|t|bulan|bln|bl|b|minggu|mgg|mg|hari|hr|h)(?![a-z])\.?\s*`;
  const AGE = new RegExp(`^(?:±|usia|umur|\\s)*(?:${AGE_PART})+$`);

  class Unreadable extends Error {
    constructor(code, message) { super(message); this.code = code; }
  }
  const two = (n) => String(n).padStart(2, "0");
  const iso = (y, m, d) => `${String(y).padStart(4, "0")}-${two(m)}-${two(d)}`;
  const parts = (day) => day.split("-").map(Number);
  const stamp = (day) => { const [y, m, d] = parts(day); const at = new Date(0); at.setUTCFullYear(y, m - 1, d); return at; };
  const fromStamp = (at) => iso(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate());
  const lastOf = (y, m) => { const at = new Date(0); at.setUTCFullYear(y, m, 0); return at.getUTCDate(); };
  const format = (day) => { const [y, m, d] = parts(day); return `${d} ${SHORT[m - 1]} ${y}`; };
  const long = (day) => { const [y, m, d] = parts(day); return `${WEEKDAYS[stamp(day).getUTCDay()]}, ${d} ${MONTHS[m - 1]} ${y}`; };
  const typed = (day) => { const [y, m, d] = parts(day); return `${two(d)}${two(m)}${String(y).padStart(4, "0")}`; };
  const minusDays = (day, n) => fromStamp(new Date(stamp(day).getTime() - n * 86400000));

  function monthsLater(day, months) {
    const [y, m, d] = parts(day);
    const count = y * 12 + m - 1 + months;
    const year = Math.floor(count / 12);
    const month = count - year * 12 + 1;
    return iso(year, month, Math.min(d, lastOf(year, month)));
  }
  function age(birth, on) {
    if (birth > on) throw new Unreadable("birth_date_future", `Tanggal lahir ${format(birth)} belum tiba. Periksa tahunnya.`);
    const [by, bm, bd] = parts(birth);
    const [y, m, d] = parts(on);
    const months = (y - by) * 12 + m - bm - (d < bd ? 1 : 0);
    const days = Math.round((stamp(on) - stamp(monthsLater(birth, months))) / 86400000);
    return { years: Math.floor(months / 12), months: months % 12, days };
  }
  function ageText(birth, on, estimated) {
    const now = age(birth, on);
    const text = now.years ? `${now.years} th` : now.months ? `${now.months} bl` : `${now.days} hr`;
    return estimated ? `± ${text}` : text;
  }
  function check(day, today) {
    if (day > today) throw new Unreadable("birth_date_future", `Tanggal lahir ${format(day)} belum tiba. Periksa tahunnya.`);
    if (age(day, today).years > MAX_AGE_YEARS) {
      throw new Unreadable("birth_date_too_old", `Lahir ${format(day)} berarti lebih dari ${MAX_AGE_YEARS} tahun. Periksa tahunnya.`);
    }
    return day;
  }
  function calendarDay(d, m, y) {
    if (m >= 1 && m <= 12 && d >= 1 && y >= 1 && d <= lastOf(y, m)) return iso(y, m, d);
    const named = m >= 1 && m <= 12 ? `${d} ${MONTHS[m - 1]}` : `${d}/${m}`;
    throw new Unreadable("birth_date_impossible", `Tanggal ${named} ${y} tidak ada. Periksa hari dan bulannya.`);
  }
  function dayMonthYear(text) {
    let found;
    if (/^\d{8}$/.test(text)) {
      if (["18", "19", "20"].includes(text.slice(4, 6))) return [+text.slice(0, 2), +text.slice(2, 4), +text.slice(4), false];
      return [+text.slice(6), +text.slice(4, 6), +text.slice(0, 4), false];
    }
    if (/^\d{6}$/.test(text)) return [+text.slice(0, 2), +text.slice(2, 4), +text.slice(4), true];
    if ((found = /^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$/.exec(text))) return [+found[3], +found[2], +found[1], false];
    if ((found = /^(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4}|\d{2})$/.exec(text))) return [+found[1], +found[2], +found[3], found[3].length === 2];
    found = /^(\d{1,2})[-/. ]*([a-z]+)[-/. ]*(\d{4}|\d{2})$/.exec(text);
    return found && WORDS.has(found[2]) ? [+found[1], WORDS.get(found[2]), +found[3], found[3].length === 2] : null;
  }
  const sure = (value) => ({ value, estimated: false, century: false, echo: long(value), options: [] });

  function readAge(text, today) {
    let months = 0;
    let days = 0;
    for (const [, amount, unit] of text.matchAll(new RegExp(AGE_PART, "g"))) {
      if (unit[0] === "t") months += amount * 12;
      else if (unit[0] === "b") months += Number(amount);
      else if (unit[0] === "m") days += amount * 7;
      else days += Number(amount);
    }
    if (months > MAX_AGE_YEARS * 12) throw new Unreadable("birth_date_too_old", `Umur lebih dari ${MAX_AGE_YEARS} tahun. Periksa angkanya.`);
    const value = check(minusDays(monthsLater(today, -months), days), today);
    const [y, m] = parts(value);
    return { value, estimated: true, century: false, echo: `${ageText(value, today, true)}, lahir sekitar ${MONTHS[m - 1]} ${y}`, options: [] };
  }
  function readYear(year, today) {
    let value = iso(year, 7, 1);
    if (value > today && year === parts(today)[0]) value = iso(year, 1, 1);
    value = check(value, today);
    return { value, estimated: true, century: false, echo: `${ageText(value, today, true)}, lahir tahun ${year}`, options: [] };
  }
  function readShortYear(d, m, y, today) {
    const possible = [];
    let trouble = null;
    for (const century of [2000, 1900]) {
      try { possible.push(check(calendarDay(d, m, century + y), today)); } catch (error) { trouble = error; }
    }
    if (!possible.length) throw trouble;
    if (possible.length === 1) return sure(possible[0]);
    const years = possible.map((day) => parts(day)[0]);
    return { value: null, estimated: false, century: true, echo: `${d} ${MONTHS[m - 1]} ${years[0]} atau ${years[1]}?`, options: possible };
  }
  function read(text, today) {
    const written = text.toLowerCase().split(/\s+/).filter(Boolean).join(" ");
    if (AGE.test(written)) return readAge(written, today);
    if (/^(18|19|20)\d\d$/.test(written)) return readYear(Number(written), today);
    const found = dayMonthYear(written);
    if (!found) {
      throw new Unreadable("birth_date_unreadable", `«${text.trim()}» belum terbaca sebagai tanggal. Tulis seperti 12031985, 12/3/1985, atau umur: 35th, 8bl, 10hr.`);
    }
    const [d, m, y, short] = found;
    return short ? readShortYear(d, m, y, today) : sure(check(calendarDay(d, m, y), today));
  }
  luring.dates = { read, age, ageText, format, long, typed, iso, parts, stamp, calendarDay, Unreadable };
})();
