"""What was sent and cannot be read, told field by field in words a person understands."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from simpul.foundation.core.errors import NotHere, Problem, Refused, SimpulError
from simpul.foundation.staff.api import Malformed

#: Escapes that may hide a sign no database keeps: NUL and halves of a surrogate pair.
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
_KIND_NAME = re.compile(r"^(?:str|int|float|bool)$|[A-Z\[]")


class CarefulParser(Parser):
    """Reads JSON in UTF-8 only, and refuses signs that no database can keep."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body; Refused names the fields that hold unkept signs."""
        raw = request.body
        data = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
        if _SUSPECT.search(raw):
            _refuse(_unkept(data, ()))
        return data  # type: ignore[no-any-return]

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Return the query's values by name."""
        values = super().parse_querydict(data, list_fields, request)
        _refuse(_unkept(values, ()))
        return values


def check_path_text(value: str, *, where: str) -> str:
    """Return a text of the address, refusing signs that no database can keep."""
    _refuse(_unkept(value, (where,)))
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _unkept(data: object, place: tuple[object, ...]) -> Iterator[str]:
    if isinstance(data, str):
        if _UNKEPT.search(data):
            yield ".".join(str(part) for part in place)
    elif isinstance(data, dict):
        for name, value in data.items():
            shown = _UNKEPT.sub("?", name)
            if shown != name:
                yield ".".join(str(part) for part in (*place, shown))
            yield from _unkept(value, (*place, shown))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _unkept(value, (*place, number))


def _refuse(places: Iterator[str]) -> None:
    problems = tuple(
        Problem(place[:80], "unreadable", _("Ada tanda yang tidak terbaca. Ketik ulang."))
        for place in places
    )
    if problems:
        raise _refused(problems)


def _refused(problems: tuple[Problem, ...]) -> Refused:
    return Refused(
        _("Belum dikerjakan: %(count)d isian perlu diperbaiki. Tidak ada yang berubah.")
        % {"count": len(problems)},
        "request_refused",
        errors=problems,
    )


def refusal_of(trouble: ValidationError) -> SimpulError:
    """Return our refusal of what does not fit the schema; a malformed id is simply not here."""
    if all(found["loc"][0] == "path" for found in trouble.errors):
        return NotHere(
            _("Alamat ini tidak menunjuk apa pun. Periksa id-nya; tidak ada yang berubah."),
            "not_found",
        )
    # Where several kinds are accepted each of them complains; the last one is told.
    problems = {problem.where: problem for problem in map(_problem, trouble.errors)}
    return _refused(tuple(problems.values())[:50])


def _problem(found: dict[str, Any]) -> Problem:
    source, *parts = found["loc"]
    if source == "body":
        # The first part is the name of the view's parameter, which nobody outside knows.
        parts = parts[1:]
    # Where several kinds are accepted pydantic adds the kind's name: it is no place.
    parts = [part for part in parts if isinstance(part, int) or not _KIND_NAME.search(part)]
    where = ".".join(str(part) for part in parts) or str(source)
    code, message = _words(str(found["type"]), found.get("ctx") or {})
    return Problem(where[:80], code, message)


def _words(kind: str, context: dict[str, Any]) -> tuple[str, str]:
    """Return our stable code and sentence for one kind of trouble."""
    if kind == "missing":
        return "required", _("Bagian ini perlu diisi.")
    if kind == "extra_forbidden":
        return "unknown_name", _("Nama isian ini tidak dikenal. Periksa ejaannya.")
    if kind in {"literal_error", "enum"}:
        choices = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
        return "unknown", _("Pilih salah satu: %(choices)s.") % {"choices": choices}
    if kind in {"string_too_long", "too_long"}:
        most = context.get("max_length")
        return "too_long", _("Terlalu panjang: paling banyak %(most)s.") % {"most": most}
    if kind in {"string_too_short", "too_short"}:
        return "required", _("Bagian ini perlu diisi.")
    if kind.startswith(("greater_than", "less_than")):
        return "out_of_range", _("Angka ini di luar batas.")
    wanted = {
        "string": _("Tulis sebagai teks di antara tanda petik."),
        "int": _("Tulis bilangan bulat."),
        "float": _("Tulis angka."),
        "bool": _("Tulis true atau false."),
        "uuid": _("Tulis id seperti yang diberikan Simpul."),
        "list": _("Tulis sebagai daftar."),
        "dict": _("Tulis sebagai objek JSON."),
        "model": _("Tulis sebagai objek JSON."),
    }
    return "type", wanted.get(kind.partition("_")[0], _("Bagian ini tidak terbaca."))


def unread_body(trouble: HttpError) -> SimpulError:
    """Return our refusal of a body that is no JSON; or what the parser refused in it."""
    cause = trouble.__cause__
    if isinstance(cause, SimpulError):
        return cause
    return Malformed(
        _("Isi permintaan bukan JSON (UTF-8) yang utuh. Tidak ada yang berubah; kirim lagi."),
        "malformed_json",
    )
