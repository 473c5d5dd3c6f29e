/* Which unit should see this patient, as in simpul/domain/placement.py; rules, words and limits are data.
 *
 *   const table = luring.placement.table(packet.rules)   {rules, reading, limits} of the server
 *   table.suggest({complaint, sex, birth_date, on, pregnant, emergency, age_estimated})
 *       {unit, cluster, label, rule, reason, call_now} or null
 *   table.impossible(situation, unit)   {where, message} or null · table.label(unit, situation)
 */
(() => {
  "use strict";
  const luring = (window.luring ||= {});

  function table({ rules, reading, limits }) {
    const active = rules.filter((rule) => rule.is_active);
    const vocabulary = luring.complaints.vocabulary(new Set(rules.flatMap((rule) => [...rule.words, ...rule.unless, ...rule.lasting])), reading);
    const years = (count) => Math.ceil(count * limits.days_a_year);
    const yearsOf = (days) => { let count = Math.floor(days / limits.days_a_year) + 1; while (years(count) > days) count -= 1; return count; };

    function countedDays(birth, on) {
      const now = luring.dates.age(birth, on).years;
      const [y, m, d] = luring.dates.parts(birth);
      const leap = (n) => (n % 4 === 0 && n % 100 !== 0) || n % 400 === 0;
      const birthday = m === 2 && d === 29 && !leap(y + now) ? luring.dates.iso(y + now, 3, 1) : luring.dates.iso(y + now, m, d);
      const since = Math.max(Math.round((luring.dates.stamp(on) - luring.dates.stamp(birthday)) / 86400000), 0);
      return Math.min(years(now) + since, years(now + 1) - 1);
    }
    const daysOf = (it) => (it.birth_date && it.on ? countedDays(it.birth_date, it.on) : it.age_days ?? null);
    const ageOf = (it) => { const days = daysOf(it); return days === null ? null : yearsOf(days); };
    function clusterFor(unit, age, expecting) {
      if (limits.cluster_of_unit[unit]) return limits.cluster_of_unit[unit];
      return expecting || (age !== null && age < limits.adult_years) || (age === null && unit === "imunisasi") ? "2" : "3";
    }

    function ageFits(rule, days) {
      if (days === null) {
        const bounded = rule.age_from_days > 0 || rule.age_below_days !== null;
        return Boolean(rule.words.length || rule.programmes.length || rule.pregnant || !bounded);
      }
      return days >= rule.age_from_days && (rule.age_below_days === null || days < rule.age_below_days);
    }
    function met(rule, it, days) {
      if (rule.emergency && !it.emergency) return false;
      if (rule.booked && !it.booked_unit) return false;
      if (rule.sex && it.sex !== rule.sex) return false;
      if (rule.pregnant && !(it.pregnant || it.postpartum)) return false;
      if (rule.programmes.length && !rule.programmes.some((one) => (it.programmes || []).includes(one))) return false;
      if (rule.immunisation_due && !it.immunisation_due) return false;
      return ageFits(rule, days);
    }
    function said(rule, heard) {
      const against = rule.unless.flatMap((phrase) => vocabulary.find(phrase, heard));
      if (!rule.words.length && !rule.lasting.length && !rule.quiet) return !against.length;
      if (rule.quiet && heard.quiet) return true;
      const parts = new Set(against.map((at) => heard.parts[at]));
      const counts = (at) => !parts.has(heard.parts[at]) && !vocabulary.denied(at, heard);
      if (rule.words.some((phrase) => vocabulary.find(phrase, heard).some(counts))) return true;
      const lasted = (at) => Math.max(0, ...heard.spans.filter(([start, end]) => start <= at && at < end).map(([, , days]) => days));
      return rule.lasting.some((phrase) => vocabulary.find(phrase, heard).some((at) => counts(at) && lasted(at) >= rule.lasting_days));
    }
    function first(it) {
      const days = daysOf(it);
      const heard = vocabulary.hear(it.complaint || "");
      return active.find((rule) => met(rule, it, days) && said(rule, heard));
    }
    function reasonOf(rule, it, days) {
      const reason = rule.reason.replaceAll("{due}", it.immunisation_due || "");
      if (!reason.includes("{age}")) return reason;
      let age;
      if (it.birth_date && it.on) age = luring.dates.ageText(it.birth_date, it.on, it.age_estimated);
      else if (days === null) return reason.replaceAll("usia {age}", "usia").replaceAll(", {age}", "").replaceAll(" {age}", "");
      else if (days >= years(1)) age = `${yearsOf(days)} th`;
      else age = days >= 30 ? `${Math.floor(days / 30)} bl` : `${days} hr`;
      return reason.replaceAll("{age}", age);
    }
    function suggest(it) {
      let rule = first(it);
      if (rule?.booked && (!limits.units[it.booked_unit] || impossible(it, it.booked_unit)?.where === "unit")) rule = first({ ...it, booked_unit: "" });
      if (!rule) return null;
      const unit = rule.booked ? it.booked_unit : rule.unit;
      const cluster = rule.cluster || clusterFor(unit, ageOf(it), Boolean(it.pregnant) && it.sex !== "male");
      return { unit, cluster, rule: rule.code, reason: reasonOf(rule, it, daysOf(it)), call_now: Boolean(rule.call_now) };
    }
    function impossible(it, unit) {
      const days = daysOf(it);
      const age = ageOf(it);
      const never = age !== null && !(age >= limits.fertile_from_years && age <= limits.fertile_until_years);
      const male = it.sex === "male";
      const about = (where, message) => ({ where, message });
      if (it.pregnant && male) return about("pregnant", "Ditandai hamil, padahal pasien laki-laki. Periksa kelamin atau tanda hamilnya.");
      if (it.pregnant && never) return about("pregnant", `Ditandai hamil pada usia ${age} th. Masih berlaku?`);
      const label = limits.units[unit] || unit;
      const five = limits.under_five_years;
      if (unit === "mtbs" && age !== null && age >= five) return about("unit", `Pasien ${age} th; MTBS untuk anak di bawah ${five} th.`);
      const grown = (days || 0) > limits.newborn_days;
      if (male && unit === "persalinan" && grown) return about("unit", `Pasien laki-laki ke ${label}.`);
      if (male && unit === "kia" && (age || 0) >= five) return about("unit", `Pasien laki-laki ke ${label}.`);
      if (unit === "persalinan" && grown && never) return about("unit", `Pasien ${age} th ke ${label}. Periksa tanggal lahirnya.`);
      return null;
    }
    const label = (unit, it) => limits.cluster_labels[clusterFor(unit, ageOf(it), Boolean(it.pregnant))];
    const asksPregnancy = (it) => it.sex === "female" && ageOf(it) >= limits.fertile_from_years && ageOf(it) <= limits.fertile_until_years;
    return { suggest, impossible, label, clusterFor, ageOf, asksPregnancy };
  }
  luring.placement = { table };
})();
