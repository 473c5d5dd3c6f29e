"""A FHIR Patient as this house writes one down. Names of systems as SATUSEHAT uses them.

Identifier systems end in `/id/nik`, `/id/kk`, `/id/paspor`; a record number is kept as an old one,
so that it finds the person. A partial birth date is taken as estimated, as Simpul does everywhere.
"""

from typing import Any

from simpul.domain.identity import normalise_number
from simpul.service.patients.inputs import PatientInput
from simpul.service.patients.models import NoNikReason

#: End of an identifier's system → field.
SYSTEMS = {
    "/id/nik": "nik",
    "/id/kk": "kk_number",
    "/id/paspor": "passport",
}
RECORD_NUMBERS = ("/mrn", "/medical-record", "/rekam-medis")
SEXES = {"male": "male", "female": "female"}


def read_patient(content: dict[str, Any]) -> PatientInput:
    """Return the person of a Patient resource as typed input; what it does not say stays empty."""
    numbers = _numbers(content)
    born = str(content.get("birthDate") or "")
    address = _first(content.get("address"))
    codes = _administrative(address)
    reason = ""
    if not numbers.get("nik"):
        reason = NoNikReason.FOREIGNER if numbers.get("passport") else NoNikReason.NOT_RECORDED
    return PatientInput(
        name=_name(content),
        birth_date=_birth_date(born),
        birth_date_estimated=len(born) < 10,
        sex=SEXES.get(str(content.get("gender")), ""),
        nik=numbers.get("nik", ""),
        no_nik_reason=reason,
        kk_number=numbers.get("kk_number", ""),
        passport=numbers.get("passport", ""),
        address=_address(address),
        rt=codes.get("rt", "")[:3],
        rw=codes.get("rw", "")[:3],
        village=_village(address),
        phone=_phone(content),
        mother_name=_contact(content, "MTH"),
        old_mrn=numbers.get("mrn", "")[:40],
    )


def _first(value: object) -> dict[str, Any]:
    if isinstance(value, list):
        return next((one for one in value if isinstance(one, dict)), {})
    return {}


def _numbers(content: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in content.get("identifier") or []:
        system, value = str(one.get("system") or ""), str(one.get("value") or "").strip()
        if not value or set(value) <= {"#", "*", "X", "x"}:  # masked by whoever sent it
            continue
        for end, field in SYSTEMS.items():
            if system.endswith(end):
                found.setdefault(field, normalise_number(value) if field != "passport" else value)
        kinds = {c.get("code") for c in (one.get("type") or {}).get("coding") or []}
        if "MR" in kinds or any(part in system for part in RECORD_NUMBERS):
            found.setdefault("mrn", value)
    return found


def _name(content: dict[str, Any]) -> str:
    names = [one for one in content.get("name") or [] if isinstance(one, dict)]
    names.sort(key=lambda one: one.get("use") != "official")
    for one in names:
        parts = [*(one.get("given") or []), one.get("family") or ""]
        text = str(one.get("text") or "").strip() or " ".join(str(p) for p in parts if p).strip()
        if text:
            return text
    return ""


def _birth_date(text: str) -> str:
    if len(text) == 4:
        return f"{text}-07-01"
    return f"{text}-15" if len(text) == 7 else text


def _address(address: dict[str, Any]) -> str:
    lines = [str(line) for line in address.get("line") or []]
    return (" ".join(lines) or str(address.get("text") or ""))[:200]


def _village(address: dict[str, Any]) -> str:
    for place in (address.get("district"), address.get("city")):
        if isinstance(place, str) and place.strip():
            return place.strip()[:80]
    return ""


def _administrative(address: dict[str, Any]) -> dict[str, str]:
    """RT, RW and area codes of the extension administrativeCode."""
    found = {}
    for extension in address.get("extension") or []:
        if not str(extension.get("url") or "").endswith("administrativeCode"):
            continue
        for part in extension.get("extension") or []:
            value = part.get("valueCode") or part.get("valueString") or ""
            found[str(part.get("url"))] = str(value)
    return found


def _phone(content: dict[str, Any]) -> str:
    for one in content.get("telecom") or []:
        if one.get("system") in ("phone", "sms") and one.get("value"):
            return str(one["value"])
    return ""


def _contact(content: dict[str, Any], code: str) -> str:
    for one in content.get("contact") or []:
        for relation in one.get("relationship") or []:
            if any(c.get("code") == code for c in relation.get("coding") or []):
                name = one.get("name") or {}
                parts = [*(name.get("given") or []), name.get("family") or ""]
                return str(name.get("text") or " ".join(p for p in parts if p)).strip()[:120]
    return ""


def person_subject(external_id: str) -> str:
    """Return how records say that they speak of this person of their source."""
    return f"Patient/{external_id}"[:80]


def reference_of(content: dict[str, Any]) -> str:
    """Return the reference to the patient a resource speaks of; "" where it names none."""
    for name in ("subject", "patient", "beneficiary", "for"):
        value = content.get(name)
        if isinstance(value, dict) and isinstance(value.get("reference"), str):
            return str(value["reference"])[:80]
    return ""
