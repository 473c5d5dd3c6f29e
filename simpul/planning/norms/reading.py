"""A norm set as plain data (JSON): read with every problem named, and written back the same.

    {"code": "perbup-12-2025", "name": "…", "source": "Perbup 12/2025, lampiran II",
     "valid_from": "2025-01-01", "valid_until": null, "note": "",
     "posts": [{"professions": ["dokter", "kesmas"], "count": 1, "label": "Kepala Puskesmas",
                "per": "facility", "categories": ["perkotaan"], "inpatient": null}]}

No norm without a source: a figure nobody can trace is not a norm.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from simpul.domain.norms import CATEGORIES, NormSet, Per, Post, find_category
from simpul.domain.norms_shipped import SHIPPED
from simpul.domain.professions import find_profession

PER: dict[Per, str] = {
    "facility": "per Puskesmas",
    "pustu": "per Pustu",
    "village": "per desa",
}
MOST_POSTS = 200
MOST_PEOPLE = 1000
LONGEST = {"code": 40, "name": 120, "source": 300, "note": 500, "label": 80}
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class NormProblem:
    """One thing wrong with a norm: the place ("posts.2.count"), a code, a sentence."""

    where: str
    code: str
    message: str


class NormRefused(ValueError):
    """A norm that cannot be used, with every problem."""

    def __init__(self, problems: tuple[NormProblem, ...]) -> None:
        super().__init__(" ".join(f"{problem.where}: {problem.message}" for problem in problems))
        self.problems = problems


def read_norm(data: object, *, version: int = 1) -> NormSet:
    """Return the norm set the data describe; NormRefused names all that is wrong."""
    if not isinstance(data, Mapping):
        raise NormRefused((NormProblem("norm", "type", "Standar harus objek JSON."),))
    reader = _Reader()
    made = reader.norm(data, version)
    if reader.problems:
        raise NormRefused(tuple(reader.problems))
    return made


def write_norm(norm: NormSet) -> dict[str, Any]:
    """Return a norm set as plain data that `read_norm` reads back the same."""
    return {
        "code": norm.code,
        "name": norm.name,
        "source": norm.source,
        "valid_from": norm.valid_from and norm.valid_from.isoformat(),
        "valid_until": norm.valid_until and norm.valid_until.isoformat(),
        "note": norm.note,
        "posts": [write_post(post) for post in norm.posts],
    }


def write_post(post: Post) -> dict[str, Any]:
    """Return one post as plain data."""
    return {
        "professions": list(post.professions),
        "count": post.count,
        "label": post.label,
        "per": post.per,
        "categories": list(post.categories),
        "inpatient": post.inpatient,
    }


class _Reader:
    def __init__(self) -> None:
        self.problems: list[NormProblem] = []

    def problem(self, where: str, code: str, message: str) -> None:
        self.problems.append(NormProblem(where, code, message))

    def norm(self, data: Mapping[Any, Any], version: int) -> NormSet:
        code = self.text(data, "code", "Beri kode singkat, misalnya perbup-12-2025.")
        if code and not _CODE.fullmatch(code):
            self.problem(
                "code", "code_form", "Kode memakai huruf kecil, angka dan tanda hubung saja."
            )
        if code in SHIPPED:
            self.problem(
                "code", "code_shipped", "Kode ini milik standar bawaan; pilih kode yang lain."
            )
        name = self.text(data, "name", "Beri nama standar ini.")
        source = self.text(
            data, "source", "Sebut sumbernya: peraturan, nomor, tahun, dan halaman atau lampiran."
        )
        note = self.text(data, "note", "")
        begins, ends = self.day(data, "valid_from"), self.day(data, "valid_until")
        if begins and ends and ends < begins:
            self.problem("valid_until", "order", "Hari terakhir berlaku mendahului hari pertama.")
        posts = self.posts(data.get("posts"))
        named = {category for post in posts for category in post.categories}
        anywhere = any(not post.categories for post in posts)
        categories = () if anywhere else tuple(code for code in CATEGORIES if code in named)
        return NormSet(
            code, name, source, posts, begins, ends, categories, False, note, version
        )  # a user's norm is as good as its source, which Simpul has not seen

    def text(self, data: Mapping[Any, Any], name: str, missing: str, where: str = "") -> str:
        where = where or name
        value = data.get(name)
        if value is not None and not isinstance(value, str):
            self.problem(where, "type", "Tulis sebagai teks.")
            return ""
        text = " ".join((value or "").split())
        if not text and missing:
            self.problem(where, "required", missing)
        if len(text) > LONGEST[name]:
            self.problem(where, "too_long", f"Paling panjang {LONGEST[name]} huruf.")
            return text[: LONGEST[name]]
        return text

    def day(self, data: Mapping[Any, Any], name: str) -> date | None:
        value = data.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value)[:30])
        except ValueError:
            self.problem(name, "date_form", "Tulis tanggal sebagai tahun-bulan-hari: 2025-01-31.")
            return None

    def posts(self, given: object) -> tuple[Post, ...]:
        if not isinstance(given, list | tuple) or not given:
            self.problem("posts", "required", "Isi paling sedikit satu jabatan.")
            return ()
        if len(given) > MOST_POSTS:
            self.problem("posts", "too_long", f"Paling banyak {MOST_POSTS} jabatan.")
            return ()
        return tuple(self.post(each, f"posts.{place}") for place, each in enumerate(given))

    def post(self, given: object, where: str) -> Post:
        if not isinstance(given, Mapping):
            self.problem(where, "type", "Tiap jabatan harus objek JSON.")
            return Post((), 0)
        count = given.get("count")
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MOST_PEOPLE:
            self.problem(
                f"{where}.count", "count", f"Jumlah orang: bilangan bulat 0 sampai {MOST_PEOPLE}."
            )
            count = 0
        per = given.get("per") or "facility"
        if not isinstance(per, str) or per not in PER:
            self.problem(f"{where}.per", "unknown", f"Pilih salah satu: {', '.join(PER)}.")
            per = "facility"
        inpatient = given.get("inpatient")
        if inpatient is not None and not isinstance(inpatient, bool):
            self.problem(f"{where}.inpatient", "type", "Tulis true, false, atau kosongkan.")
            inpatient = None
        return Post(
            self.professions(given.get("professions"), f"{where}.professions"),
            count,
            self.text(given, "label", "", f"{where}.label"),
            cast("Per", per),
            self.categories(given.get("categories"), f"{where}.categories"),
            inpatient,
        )

    def professions(self, given: object, where: str) -> tuple[str, ...]:
        names = [given] if isinstance(given, str) else given
        if not isinstance(names, list | tuple) or not names:
            self.problem(where, "required", "Sebut profesinya.")
            return ()
        found: list[str] = []
        for name in names[:10]:
            code = find_profession(name) if isinstance(name, str) else None
            if code is None:
                self.problem(where, "unknown", f"Profesi “{str(name)[:40]}” tidak dikenal.")
            elif code not in found:
                found.append(code)
        return tuple(found)

    def categories(self, given: object, where: str) -> tuple[str, ...]:
        names = [given] if isinstance(given, str) and given else given or []
        if not isinstance(names, list | tuple):
            self.problem(where, "type", "Tulis kategori sebagai daftar.")
            return ()
        found: list[str] = []
        for name in names[:20]:
            code = find_category(name) if isinstance(name, str) else None
            if code is None:
                self.problem(where, "unknown", f"Kategori “{str(name)[:40]}” tidak dikenal.")
            elif code not in found:
                found.append(code)
        return tuple(found)
