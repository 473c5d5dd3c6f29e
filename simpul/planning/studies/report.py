"""A version as a report for the Dinas, and its ABK rows for Renbut."""

from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from simpul.domain.wisn import METHODS
from simpul.planning.reports.document import Cell, Column, Report, Section, Signature, Table
from simpul.planning.studies.figures import as_decimal, read_figure
from simpul.planning.studies.outcome import Doubt
from simpul.planning.studies.reading import ReadCategory, ReadVersion
from simpul.planning.studies.screen import unit_names
from simpul.planning.studies.unit_words import amount_word, per_word, time_word


def report_of(read: ReadVersion) -> Report:
    """Return the whole report: facts, method with its source, tables, signatures."""
    version = read.version
    study = version.study
    made = timezone.localtime(version.made_at)
    totals = read.result.totals
    several = len(read.categories) > 1
    return Report(
        title=_("Analisis kebutuhan tenaga berdasarkan beban kerja (WISN)"),
        subtitle=f"{study.facility.name} · {study.title} · {study.year}",
        facts=(
            (_("Puskesmas"), study.facility.name),
            (_("Unit"), unit_names(tuple(study.units))),
            (_("Tahun"), str(study.year)),
            (_("Metode"), f"{read.method.label} — {read.method.source}"),
            (_("Pembulatan"), read.rule.label),
            (
                _("Versi"),
                _("%(number)d, disimpan %(day)s oleh %(who)s")
                % {
                    "number": version.number,
                    "day": date_format(made, "j F Y"),
                    "who": version.made_by.name,
                },
            ),
        ),
        result=(
            *(f"{row.name}: {row.summary}." for row in read.result.categories),
            *((_("Jumlah: %(sentence)s.") % {"sentence": totals.sentence},) if several else ()),
        ),
        sections=tuple(section for category in read.categories for section in _sections(category))
        + _uncertainty(read)
        + _findings(read),
        method=_method(read),
        signatures=(
            Signature(_("Mengetahui, Kepala %(place)s") % {"place": study.facility.name}),
            Signature(_("Penyusun"), version.made_by.name),
        ),
        made_on=date_format(made, "j F Y"),
        labels={"result": _("Hasil"), "method": _("Metode dan andaian")},
    )


def abk_table(read: ReadVersion) -> Table:
    """Return the rows the ministry's planning application asks for: one a task, one an allowance.

    `FTP` is the share of support work of ABK-Kes: hours of a year over the working time, per cent.
    """
    rows: list[tuple[Cell, ...]] = []
    for category in read.categories:
        result = category.made.result
        if result is None:
            continue
        for act, given in zip(result.activities, category.activities, strict=True):
            rows.append(
                (
                    result.name,
                    act.name,
                    _("pokok"),
                    read_figure(given.row.text("time")),
                    time_word(given.row.text("time_unit")),
                    as_decimal(act.minutes),
                    as_decimal(act.volume_per_year),
                    None,
                    as_decimal(act.required_fte),
                )
            )
        for line in category.allowances:
            hours = as_decimal(line.line.hours)
            rows.append(
                (
                    result.name,
                    line.row.text("name"),
                    _("penunjang"),
                    read_figure(line.row.text("amount")),
                    f"{amount_word(line.row.text('unit'))} {per_word(line.row.text('per'))}",
                    None if hours is None else hours * 60,
                    None,
                    _percent(line.line.share),
                    None,
                )
            )
    return Table(
        columns=(
            Column(_("Jabatan"), width=28),
            Column(_("Tugas"), width=36),
            Column(_("Jenis tugas"), width=12),
            Column(_("Norma waktu"), 2, 12),
            Column(_("Satuan"), width=16),
            Column(_("Norma waktu (menit)"), 2, 14),
            Column(_("Capaian (setahun)"), 0, 14),
            Column(_("FTP (%)"), 2, 10),
            Column(_("Kebutuhan (orang)"), 4, 12),
        ),
        rows=tuple(rows),
    )


def _sections(category: ReadCategory) -> tuple[Section, ...]:
    result = category.made.result
    if result is None:
        return ()
    name = result.name
    sheet = category.sheet
    time_doubts = tuple(_said(doubt) for doubt in category.made.time_doubts)
    time = Section(
        title=_("%(name)s — 1. Waktu kerja tersedia") % {"name": name},
        sentences=(result.available.sentence,),
        table=None if category.time_is_legal else _time_table(sheet.values),
        doubts=time_doubts,
        sheet=_("Waktu %(name)s") % {"name": name},
    )
    activities = Section(
        title=_("%(name)s — 2. Standar beban kerja dan kebutuhan tiap kegiatan") % {"name": name},
        sentences=(result.workload_sentence,),
        table=Table(
            columns=(
                Column(_("Kegiatan pokok"), width=34),
                Column(_("Waktu"), 2, 9),
                Column(_("Satuan"), width=10),
                Column(_("Standar beban kerja (kegiatan/orang/tahun)"), 0, 15),
                Column(_("Kuantitas setahun"), 0, 12),
                Column(_("Kebutuhan (orang)"), 2, 11),
            ),
            rows=tuple(
                (
                    act.name,
                    read_figure(given.row.text("time")),
                    time_word(given.row.text("time_unit")),
                    as_decimal(act.standard_workload),
                    as_decimal(act.volume_per_year),
                    as_decimal(act.required_fte),
                )
                for act, given in zip(result.activities, category.activities, strict=True)
            ),
            total=(_("Jumlah"), None, None, None, None, as_decimal(result.workload_fte)),
        ),
        doubts=tuple(
            f"{given.row.text('name')}: {_said(doubt)}"
            for given in category.activities
            for doubt in given.line.doubts
        ),
        sheet=_("Kegiatan %(name)s") % {"name": name},
    )
    support = Section(
        title=_("%(name)s — 3. Kelonggaran") % {"name": name},
        sentences=(result.allowance.sentence, *(line.sentence for line in result.individual)),
        table=_allowance_table(category) if category.allowances else None,
        doubts=tuple(
            f"{given.row.text('name')}: {_said(doubt)}"
            for given in (*category.allowances, *category.individual)
            for doubt in given.line.doubts
        ),
        sheet=_("Kelonggaran %(name)s") % {"name": name},
    )
    need = Section(
        title=_("%(name)s — 4. Kebutuhan tenaga") % {"name": name},
        sentences=(
            result.required_sentence,
            result.rounding_sentence,
            result.ratio_sentence,
            f"{result.summary}.",
        ),
        doubts=tuple(_said(doubt) for doubt in category.made.doubts),
    )
    return (time, activities, support, need, *_cpi(category, name))


def _time_table(values: dict[str, str]) -> Table:
    names = (
        ("working_days", _("A · Hari kerja")), ("annual_leave", _("B · Cuti")),
        ("training", _("C · Pelatihan")), ("public_holidays", _("D · Libur nasional")),
        ("absence", _("E · Sakit dan izin")), ("hours_per_day", _("F · Jam kerja sehari")),
    )  # fmt: skip
    return Table(
        columns=tuple(
            Column(label, 1 if name == "hours_per_day" else 0, 14) for name, label in names
        ),
        rows=(tuple(read_figure(values.get(name, "")) for name, _label in names),),
    )


def _allowance_table(category: ReadCategory) -> Table:
    return Table(
        columns=(
            Column(_("Faktor kelonggaran"), width=34),
            Column(_("Frekuensi dan waktu"), width=22),
            Column(_("Jam setahun"), 1, 12),
            Column(_("Bagian waktu"), 4, 12),
        ),
        rows=tuple(
            (
                line.row.text("name"),
                f"{line.row.text('amount')} {amount_word(line.row.text('unit'))} "
                f"{per_word(line.row.text('per'))}",
                as_decimal(line.line.hours),
                as_decimal(line.line.share),
            )
            for line in category.allowances
        ),
    )


def _cpi(category: ReadCategory, name: str) -> tuple[Section, ...]:
    if not category.cpi:
        return ()
    return (
        Section(
            title=_("%(name)s — 5. Efektivitas waktu (CPI)") % {"name": name},
            table=Table(
                columns=(
                    Column(_("Kegiatan"), width=34),
                    Column(_("Target ÷ realisasi (%)"), 2, 14),
                    Column(_("Golongan"), width=16),
                    Column(_("Realisasi ÷ target (%)"), 2, 14),
                ),
                rows=tuple(
                    (
                        one.name,
                        as_decimal(one.by_way["target_over_realisation"]),
                        one.band.label,
                        as_decimal(one.by_way["realisation_over_target"]),
                    )
                    for one in category.cpi
                ),
            ),
            sentences=(
                _(
                    "Dasar aturan CPI belum diperiksa pada naskahnya; kedua arah ditulis dengan "
                    "namanya masing-masing."
                ),
            ),
            doubts=tuple(
                f"{finding.where}: {finding.message}"
                for one in category.cpi
                for finding in one.findings
            ),
            sheet=_("CPI %(name)s") % {"name": name},
        ),
    )


def _uncertainty(read: ReadVersion) -> tuple[Section, ...]:
    ranges = read.sensitivity.get("categories", [])
    if not ranges:
        return ()
    spread = read.version.result.get("sensitivity_spread")
    said = (
        (
            _(
                "Tanpa rentang yang diisi, setiap waktu dan kuantitas diandaikan meleset "
                "%(spread)s %%."
            )
            % {"spread": spread},
        )
        if spread
        else ()
    )
    return (
        Section(
            title=_("Seberapa pasti angkanya"),
            sentences=(
                *said,
                *(f"{one['name']}: {one['sentence']}." for one in ranges),
                str(read.sensitivity.get("sentence", "")),
            ),
        ),
    )


def _findings(read: ReadVersion) -> tuple[Section, ...]:
    if not read.doubts:
        return ()
    return (
        Section(
            title=_("Yang perlu diperiksa"),
            doubts=tuple(f"{doubt.where}: {_said(doubt)}" for doubt in read.doubts),
        ),
    )


def _method(read: ReadVersion) -> tuple[str, ...]:
    method = METHODS[read.result.variant]
    lines = [
        _("%(label)s: %(formula)s. Sumber: %(source)s.")
        % {"label": method.label, "formula": method.formula, "source": method.source},
        _(
            "Angka dihitung tanpa pembulatan sampai akhir, lalu dibulatkan dengan %(rule)s. Hasil "
            "dua metode tidak dibandingkan."
        )
        % {"rule": read.rule.label},
    ]
    if not read.rule.is_verified:
        lines.append(read.rule.note)
    lines += list(read.assumptions)
    return tuple(lines)


def _said(doubt: Doubt) -> str:
    """Return a doubt with the figure that would be right."""
    if not doubt.corrected:
        return doubt.message
    pattern = (
        _("%(what)s Lazimnya: %(figure)s.")
        if "–" in doubt.corrected
        else _("%(what)s Seharusnya: %(figure)s.")
    )
    return pattern % {"what": doubt.message, "figure": doubt.corrected}


def _percent(share: object) -> Decimal | None:
    exact = as_decimal(share)
    return None if exact is None else exact * 100
