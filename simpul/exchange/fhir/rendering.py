"""What a resource of another place says, in one line: day, code, name, value.

For showing beside our own history; nothing is computed from it and the resource itself stays.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Line:
    """A resource in short. Empty strings and None mean that it does not say."""

    day: date | None = None
    code: str = ""
    display: str = ""
    text: str = ""


#: Where a resource says when it was.
WHEN = (
    "period.start", "effectiveDateTime", "effectivePeriod.start", "effectiveInstant",
    "onsetDateTime", "recordedDate", "authoredOn", "occurrenceDateTime", "performedDateTime",
    "performedPeriod.start", "issued", "date", "whenHandedOver",
)  # fmt: skip
#: Where it says what it is about.
WHAT = ("code", "vaccineCode", "medicationCodeableConcept", "type", "serviceType", "reasonCode")


def render(kind: str, content: dict[str, Any]) -> Line:
    """Return a resource in short."""
    code, display = _concept(content)
    return Line(
        day=_day(content),
        code=code[:40],
        display=display[:200],
        text=_TEXTS.get(kind, _no_text)(content)[:400],
    )


def _at(content: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(content, list):
            content = content[0] if content else None
        if not isinstance(content, dict):
            return None
        content = content.get(step)
    return content


def _day(content: dict[str, Any]) -> date | None:
    for path in WHEN:
        value = _at(content, path)
        if isinstance(value, str) and len(value) >= 4:
            text = (value + "-01-01")[:10] if len(value) in (4, 7) else value[:10]
            try:
                return date.fromisoformat(text[:10])
            except ValueError:
                continue
    return None


def _concept(content: dict[str, Any]) -> tuple[str, str]:
    for place in WHAT:
        value = content.get(place)
        value = value[0] if isinstance(value, list) and value else value
        code, display = concept(value)
        if display or code:
            return code, display
    return "", ""


def concept(value: object) -> tuple[str, str]:
    """Return code and words of a CodeableConcept; its own text goes before the coding's."""
    if not isinstance(value, dict):
        return "", ""
    codings = [one for one in value.get("coding") or [] if isinstance(one, dict)]
    coding = codings[0] if codings else {}
    words = value.get("text") or next((c["display"] for c in codings if c.get("display")), "")
    return str(coding.get("code") or ""), str(words or coding.get("code") or "")


def _no_text(content: dict[str, Any]) -> str:
    return str(content.get("status") or "")


def _encounter(content: dict[str, Any]) -> str:
    where = _at(content, "serviceProvider.display") or _at(content, "location.location.display")
    why = concept(_at(content, "reasonCode"))[1]
    return " · ".join(str(part) for part in (where, why, content.get("status")) if part)


def _condition(content: dict[str, Any]) -> str:
    status = concept(content.get("clinicalStatus"))[0]
    notes = [str(n.get("text")) for n in content.get("note") or [] if n.get("text")]
    return " · ".join(part for part in (status, *notes) if part)


def _observation(content: dict[str, Any]) -> str:
    own = value_of(content)
    parts = [own] if own else []
    for component in content.get("component") or []:
        value = value_of(component)
        if value:
            parts.append(f"{concept(component.get('code'))[1]} {value}")
    return ", ".join(parts)


def value_of(content: dict[str, Any]) -> str:
    """Return the value of an Observation or of one of its components, with its unit."""
    quantity = content.get("valueQuantity")
    if isinstance(quantity, dict) and quantity.get("value") is not None:
        sign = str(quantity.get("comparator") or "")
        unit = str(quantity.get("unit") or quantity.get("code") or "")
        return f"{sign}{quantity['value']} {unit}".strip()
    if isinstance(content.get("valueCodeableConcept"), dict):
        return concept(content["valueCodeableConcept"])[1]
    for name in ("valueString", "valueInteger", "valueDateTime", "valueTime"):
        if content.get(name) is not None:
            return str(content[name])
    if isinstance(content.get("valueBoolean"), bool):
        return "ya" if content["valueBoolean"] else "tidak"
    return ""


def _allergy(content: dict[str, Any]) -> str:
    reactions = [
        concept(one)[1]
        for reaction in content.get("reaction") or []
        for one in reaction.get("manifestation") or []
    ]
    return ", ".join(part for part in reactions if part)


_TEXTS = {
    "Encounter": _encounter,
    "Condition": _condition,
    "Observation": _observation,
    "AllergyIntolerance": _allergy,
}
