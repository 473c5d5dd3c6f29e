"""The proposal of moves as a report: one sheet a table, the same text as on the page."""

from decimal import Decimal

from django.utils.translation import gettext as _

from simpul.domain.allocation import Hire
from simpul.domain.professions import profession_name
from simpul.foundation.facilities.selectors import get_here
from simpul.planning.allocation.asking import Asked
from simpul.planning.allocation.selectors import Proposal
from simpul.planning.reports.document import Column, Report, Section, Signature, Table


def moves_report(proposal: Proposal, asked: Asked) -> Report:
    """Return the whole proposal with what it was made from."""
    here = get_here()
    found = proposal.found
    return Report(
        title=_("Usulan pemindahan tenaga"),
        subtitle=here.name,
        facts=(
            (_("Standar"), f"{asked.norm.name} ({asked.norm.source})"),
            (_("Yang dihitung"), _("ASN saja") if asked.count == "asn" else _("semua tenaga")),
            (_("Tidak dipindahkan"), ", ".join(f"{why}: {n}" for why, n in proposal.held) or "–"),
            (_("Jarak"), _("garis lurus antar titik fasilitas")),
        ),
        result=(proposal.sentence,),
        sections=(
            Section(_("Pemindahan"), table=_moves(proposal), sheet=_("Pemindahan")),
            Section(
                _("Yang dapat dan tidak dapat diisi"), table=_kinds(proposal), sheet=_("Profesi")
            ),
            Section(_("Usulan pengangkatan"), table=_places(found.hires), sheet=_("Pengangkatan")),
            Section(_("Tetap kosong"), table=_places(found.unfilled), sheet=_("Tetap kosong")),
            Section(_("Tiap fasilitas"), table=_sites(proposal), sheet=_("Fasilitas")),
        ),
        signatures=(Signature(_("Kepala Dinas Kesehatan")),),
        made_on=str(here.today()),
        labels={"result": _("Hasil"), "method": _("Cara")},
    )


def _moves(proposal: Proposal) -> Table:
    return Table(
        (
            Column(_("Dari"), width=28),
            Column(_("Ke"), width=28),
            Column(_("Profesi"), width=26),
            Column(_("Orang"), 0),
            Column(_("km"), 1),
            Column(_("Alasan"), width=60),
        ),
        tuple(
            (
                move.source,
                move.target,
                profession_name(move.profession),
                move.count,
                None if move.km is None else Decimal(str(round(move.km, 1))),
                move.reason,
            )
            for move in proposal.found.moves
        ),
    )


def _kinds(proposal: Proposal) -> Table:
    return Table(
        (
            Column(_("Jabatan"), width=30),
            Column(_("Kurang"), 0),
            Column(_("Terisi pemindahan"), 0),
            Column(_("Perlu pengangkatan"), 0),
            Column(_("Keterangan"), width=60),
        ),
        tuple(
            (names(line.professions), line.short, line.filled, line.unfilled, line.why)
            for line in proposal.found.professions
        ),
    )


def _places(places: tuple[Hire, ...]) -> Table:
    return Table(
        (Column(_("Fasilitas"), width=30), Column(_("Profesi"), width=30), Column(_("Orang"), 0)),
        tuple((place.facility, names(place.professions), place.count) for place in places),
    )


def _sites(proposal: Proposal) -> Table:
    return Table(
        (
            Column(_("Fasilitas"), width=30),
            Column(_("Kurang sebelum"), 0),
            Column(_("Kurang sesudah"), 0),
        ),
        tuple((s.facility, s.short_before, s.short_after) for s in proposal.found.sites),
    )


def names(professions: tuple[str, ...]) -> str:
    """Return the names of the professions that may fill a post."""
    return " / ".join(profession_name(code) for code in professions)
