"""The identity form: read from a post, carried over from the search box, filled from a card."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import cast

from django.utils.translation import gettext as _

from simpul.domain.dates import format_date, read_birth_date
from simpul.domain.errors import DomainError
from simpul.domain.identity import (
    BPJS_DIGITS,
    NIK_DIGITS,
    Sex,
    check_nik,
    nik_birth_date,
    normalise_number,
    normalise_phone,
    parse_nik,
)
from simpul.domain.matching import PersonKey
from simpul.domain.names import known_as, split_titles
from simpul.domain.search import read_query
from simpul.foundation.core.errors import SimpulError
from simpul.foundation.facilities.models import Village
from simpul.foundation.facilities.selectors import list_villages
from simpul.service.patients.cards import PatientCard
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.models import NoNikReason
from simpul.service.patients.without_nik import UNKNOWN_PLACE

#: Letters of a village before the list of villages answers.
VILLAGE_LETTERS = 3
#: Fields of the part that may be completed later.
LATER = (
    "no_nik_reason",
    "mother_nik",
    "mother_mrn",
    "birth_order",
    "letter_number",
    "passport",
    "kk_number",
    "address",
    "religion",
    "marital_status",
    "occupation",
    "education",
    "old_mrn",
)
_TEXT_FIELDS = tuple(f.name for f in fields(PatientInput) if f.name != "birth_date_estimated")


@dataclass(frozen=True)
class Reading:
    """What a field was understood as, or why it was not; `offers` are readings to take over."""

    text: str = ""
    is_problem: bool = False
    offers: tuple["Offer", ...] = ()


@dataclass(frozen=True)
class Offer:
    """One reading that a person may take over with one key: words and the values it would set."""

    words: str
    birth_date: str
    sex: str = ""


def read_patient(post: Mapping[str, str]) -> PatientInput:
    """Return the identity as it was typed."""
    texts = {name: post.get(name, "") for name in _TEXT_FIELDS}
    estimated = post.get("birth_date_estimated", "") in ("on", "ya")
    return PatientInput(**texts, birth_date_estimated=estimated)


def carry_over(text: str, *, today: date) -> PatientInput:
    """Return what was typed into the search box, put into the fields where it belongs."""
    query = read_query(text.replace("\x00", "")[:200], today)
    if query.kind == "nik":
        return PatientInput(nik=query.number)
    if query.kind == "bpjs":
        return PatientInput(bpjs_number=query.number)
    if query.kind == "phone":
        return PatientInput(phone=query.number)
    if query.kind == "birth_date":
        return PatientInput(birth_date=text.strip())
    if query.kind == "number":
        return PatientInput(nik=query.number)
    if query.kind not in ("name", "name_birth_date", "name_year"):
        return PatientInput()
    words = query.text.split(" ")
    rest = " ".join(words)
    behind = rest.removeprefix(query.name).removesuffix(query.name).strip()
    born = behind if query.kind != "name" else ""
    if len(query.birth_dates) == 1:
        born = typed_date(query.birth_dates[0])
    return PatientInput(name=query.name.upper(), birth_date=born)


def unknown_person(clock: str) -> PatientInput:
    """Return the preset of somebody without any identity; the clock tells two of them apart."""
    return PatientInput(
        # Stored as it stands here: a record does not change with the clerk's language.
        name=f"TIDAK DIKENAL {clock}",
        no_nik_reason=NoNikReason.UNKNOWN,
        village=UNKNOWN_PLACE,
    )


def input_of(card: PatientCard) -> PatientInput:
    """Return a stored identity as it would be typed."""
    known = asdict(card)
    texts = {
        name: "" if known[name] is None else str(known[name])
        for name in _TEXT_FIELDS
        if name in known and name != "birth_date"
    }
    # The title is typed in front of the name; without it a correction would lose "By. Ny."
    together = f"{card.title} {card.name}".strip()
    texts["name"] = together if split_titles(together) == (card.title, card.name) else card.name
    return PatientInput(
        **texts,
        birth_date=typed_date(card.birth_date),
        birth_date_estimated=card.birth_date_estimated,
    )


def typed_date(day: date) -> str:
    """12031985, as people type it."""
    return f"{day:%d%m}{day.year:04d}"


def read_nik(typed: PatientInput, *, today: date) -> Reading:
    """Return what a NIK says: the birth date and sex it offers, or what does not fit."""
    number = normalise_number(typed.nik)
    if not number:
        return Reading()
    findings = check_nik(number, today=today)
    refused = [f for f in findings if f.severity == "refuse"]
    if refused:
        return Reading(refused[0].message, is_problem=True)
    nik = parse_nik(number)
    try:
        born = nik_birth_date(nik, today)
    except DomainError as trouble:
        return Reading(trouble.message, is_problem=True)
    day, _problem = _birth(typed.birth_date, today)
    sex = cast(Sex, typed.sex) if typed.sex in ("male", "female") else None
    remarks = [f.message for f in check_nik(number, birth_date=day, sex=sex, today=today)]
    letter = "P" if nik.sex == "female" else "L"
    days = (born.value,) if born.other is None else (born.value, born.other)
    if remarks:
        return Reading(" ".join(remarks), is_problem=True, offers=_offers(days, letter, nik.sex))
    if day is not None and sex is not None:
        return Reading(_("16 angka, cocok dengan tanggal lahir dan kelamin"))
    return Reading(_("16 angka"), offers=_offers(days, letter, nik.sex))


def _offers(days: tuple[date, ...], letter: str, sex: str) -> tuple[Offer, ...]:
    return tuple(Offer(f"{letter}, {format_date(day)}", typed_date(day), sex) for day in days)


def read_birth(typed: PatientInput, *, today: date) -> Reading:
    """Return the echo of a typed birth date; where the century is open, both to choose from."""
    if not typed.birth_date.strip():
        return Reading()
    try:
        read = read_birth_date(typed.birth_date, today)
    except DomainError as trouble:
        return Reading(trouble.message, is_problem=True)
    if read.needs_century:
        offers = tuple(Offer(format_date(day), typed_date(day)) for day in read.options)
        return Reading(read.echo, offers=offers)
    return Reading(read.echo)


def _birth(text: str, today: date) -> tuple[date | None, bool]:
    try:
        read = read_birth_date(text, today)
    except DomainError:
        return None, False
    return read.value, read.estimated


def person_key(typed: PatientInput, *, today: date) -> PersonKey | None:
    """Return what the matcher compares of a form still being typed; None while it says too little.

    Enough is a name with a birth date, a whole NIK, or a whole BPJS number.
    """
    key = typed_key(typed, today=today)
    enough = key.nik or key.bpjs or (len(key.name) >= 2 and key.birth_date)
    return key if enough else None


def typed_key(typed: PatientInput, *, today: date) -> PersonKey:
    """Return what the matcher compares of a form, read as it will be read when it is saved."""
    born, estimated = _birth(typed.birth_date, today)
    nik, bpjs = _whole(typed.nik, NIK_DIGITS), _whole(typed.bpjs_number, BPJS_DIGITS)
    title, bare = split_titles(" ".join(typed.name.split())[:120])
    name = known_as(title, bare or typed.name).upper().strip()[:120]
    order = int(typed.birth_order) if re.fullmatch(r"[1-9]", typed.birth_order) else None
    if typed.no_nik_reason == NoNikReason.NEWBORN and not typed.birth_order.strip():
        order = 1
    try:
        phone = normalise_phone(typed.phone)
    except DomainError:
        phone = ""
    return PersonKey(
        name=name,
        birth_date=born,
        birth_date_estimated=estimated or typed.birth_date_estimated,
        sex=cast(Sex, typed.sex) if typed.sex in ("male", "female") else None,
        nik=nik,
        bpjs=bpjs,
        mother_name=typed.mother_name[:120].upper(),
        village=typed.village[:80],
        rt=_digits(typed.rt),
        rw=_digits(typed.rw),
        kk=_whole(typed.kk_number, NIK_DIGITS),
        phone=phone,
        mother_nik=_whole(typed.mother_nik, NIK_DIGITS),
        birth_order=order,
    )


def _whole(text: str, digits: int) -> str:
    number = normalise_number(text)
    return number if re.fullmatch(rf"[0-9]{{{digits}}}", number) else ""


def _digits(text: str) -> str:
    return text.strip().zfill(2) if re.fullmatch(r"[0-9]{1,3}", text.strip()) else ""


def find_villages(text: str, *, limit: int = 6) -> list[Village]:
    """Return the villages meant by the letters typed so far."""
    typed = " ".join(text.replace("\x00", "").split())
    return list_villages(typed, limit=limit) if len(typed) >= VILLAGE_LETTERS else []


def with_village(typed: PatientInput) -> PatientInput:
    """Return the input with the village spelled out and coded where only one can be meant."""
    wanted = " ".join(typed.village.split())
    found = find_villages(wanted, limit=50)
    same = [village for village in found if village.name.casefold() == wanted.casefold()]
    meant = same or found
    chosen = [village for village in meant if village.code == typed.village_code]
    if chosen or len(meant) == 1:
        village = (chosen or meant)[0]
        return replace(typed, village=village.name, village_code=village.code)
    # A code of another village than the one now written would be wrong without anybody seeing it.
    return replace(typed, village_code="")


def problems_by_field(refusal: SimpulError | None) -> dict[str, list[str]]:
    """Return the sentences of a refusal for each field they belong to."""
    found: dict[str, list[str]] = {}
    for problem in refusal.errors if refusal else ():
        found.setdefault(problem.where, []).append(str(problem.message))
    return found
