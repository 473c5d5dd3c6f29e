"""A bundle as it was sent, cut into its resources; each is checked against the R4 schema by itself.

One wrong resource never stops the others: it carries its problems, each with the place inside it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from simpul.foundation.core.errors import Problem, Refused

SCHEMA = Path(__file__).with_name("r4.schema.json")
#: Resources that are read; every other is kept as it came.
READ = ("Patient", "Encounter", "Condition", "Observation", "AllergyIntolerance")
MOST_BYTES = 200_000_000
MOST_ENTRIES = 200_000
#: More problems of one resource say nothing new.
MOST_PROBLEMS = 8
DEEPEST = 60


@dataclass(frozen=True)
class Resource:
    """One entry of a bundle: its place, the address others refer to it by, and its content."""

    place: int
    kind: str
    id: str
    full_url: str
    content: dict[str, Any]
    problems: tuple[Problem, ...] = ()

    @property
    def digest(self) -> str:
        """What changes when the content does."""
        text = json.dumps(self.content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def key(self) -> str:
        """The id in its source; a resource without one is known by its content."""
        return self.id or f"sha256-{self.digest[:48]}"


def read_bundle(data: bytes) -> list[Resource]:
    """Return the resources of a bundle in their order; Refused for what is no FHIR bundle."""
    if len(data) > MOST_BYTES:
        raise _refused(_("Berkas lebih dari 200 MB. Bagi menjadi beberapa berkas."), "file")
    try:
        content = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise _refused(_("Berkas bukan teks UTF-8, jadi bukan FHIR JSON."), "file") from None
    except RecursionError:
        raise _refused(_("Isi berkas bersarang terlalu dalam."), "file") from None
    except ValueError as why:
        where = f" (baris {why.lineno})" if isinstance(why, json.JSONDecodeError) else ""
        raise _refused(
            _("Berkas bukan JSON yang utuh%(where)s. Minta pengirim mengirim ulang.")
            % {"where": where},
            "file",
        ) from None
    if isinstance(content, dict) and content.get("resourceType") in READ:
        content = {"resourceType": "Bundle", "entry": [{"resource": content}]}
    if not isinstance(content, dict) or content.get("resourceType") != "Bundle":
        raise _refused(_("Ini bukan Bundle FHIR R4 (resourceType harus Bundle)."), "resourceType")
    entries = content.get("entry", [])
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise _refused(_("Isi Bundle (entry) harus daftar, paling banyak 200.000."), "entry")
    return [_read(place, entry) for place, entry in enumerate(entries)]


def _no_number(text: str) -> float:
    raise ValueError(text)


def _refused(message: str, where: str) -> Refused:
    return Refused(
        message + " " + _("Belum ada yang disimpan."),
        "bundle_refused",
        errors=(Problem(where, "unreadable", message),),
    )


def _read(place: int, entry: object) -> Resource:
    where = f"entry[{place}]"
    outer = entry if isinstance(entry, dict) else {"entry": entry}
    resource = outer.get("resource")
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        problem = Problem(where, "no_resource", _("Entri ini tidak berisi resource."))
        return Resource(place, "", "", "", outer, (problem,))
    kind, full_url = resource["resourceType"][:40], outer.get("fullUrl")
    told = resource.get("id")
    return Resource(
        place=place,
        kind=kind,
        id=told[:80] if isinstance(told, str) else "",
        full_url=full_url if isinstance(full_url, str) else "",
        content=resource,
        problems=tuple(_problems(kind, resource, where)),
    )


def _problems(kind: str, resource: dict[str, Any], where: str) -> Iterator[Problem]:
    if _depth(resource) > DEEPEST or _has_zero(resource):
        yield Problem(where, "unreadable", _("Isinya terlalu dalam atau bertanda tak terbaca."))
        return
    if kind not in READ:
        return
    for count, error in enumerate(_validator(kind).iter_errors(resource)):
        if count == MOST_PROBLEMS:
            return
        path = ".".join(str(step) for step in error.instance_path)
        yield Problem(
            f"{where}.{path}" if path else where,
            "schema",
            _("Tidak sesuai FHIR R4: %(problem)s") % {"problem": str(error.message)[:160]},
        )


def _depth(content: object) -> int:
    deepest, todo = 0, [(content, 1)]
    while todo:
        one, depth = todo.pop()
        deepest = max(deepest, depth)
        if isinstance(one, dict):
            todo += [(value, depth + 1) for value in one.values()]
        elif isinstance(one, list):
            todo += [(value, depth + 1) for value in one]
    return deepest


def _has_zero(content: object) -> bool:
    return "\\u0000" in json.dumps(content)


@lru_cache(maxsize=len(READ))
def _validator(kind: str) -> Any:
    import jsonschema_rs  # only where bundles come in

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(
        {
            "$schema": schema["$schema"],
            "$ref": f"#/definitions/{kind}",
            "definitions": schema["definitions"],
        }
    )
