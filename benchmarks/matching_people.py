"""The people the matcher is measured on: made up by chunks, stored once, kept between runs.

Names repeat more than the demo's: every tenth woman is a Siti, every tenth man a Muhammad or an
Ahmad, and one person in a hundred bears one of eight whole names, so that at a million people a
thousand and more share a name letter by letter. One in a hundred is stored twice, the second time
with one or two slips; who, lies beside the database. The same numbers give the same people.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.data import cache_folder
from benchmarks.processes import ROOT, environment
from simpul.demo.errors import arrive_again
from simpul.demo.pairs import make_population
from simpul.domain.matching_blocking import WAY
from simpul.domain.matching_records import PersonKey

SEED = 20261122
TODAY = date(2025, 1, 1)
CHUNK = 10_000
#: Families of a chunk; more than ten thousand people ever make.
FAMILIES = 5_000
#: Chunks from here on are of people who have never been here.
STRANGE_CHUNK = 150
TWICE_SHARE = 0.01
COMMON_WOMEN = ("SITI AMINAH", "SITI FATIMAH", "SITI AISYAH", "SRI WAHYUNI")
COMMON_MEN = ("AHMAD FAUZI", "MUHAMMAD RIZKI", "SUTRISNO", "ABDUL ROHMAN")
FIRST_WORDS = {"female": ("SITI",), "male": ("MUHAMMAD", "AHMAD")}
FIRST_SHARE = 0.10
WHOLE_SHARE = 0.01
TRUTH = "twice.json"
#: The log is folded into the database after so many people.
CHECKPOINT = 50_000
SOURCES = (
    "simpul/service/patients/migrations/*.py",
    "simpul/service/patients/matching/migrations/*.py",
    "simpul/demo/names/*",
    "simpul/demo/pairs.py",
    "simpul/demo/errors.py",
    "simpul/domain/name*.py",
    "benchmarks/matching_people.py",
)


def stored_id(number: int) -> uuid.UUID:
    """The id of a stored person by their place."""
    return uuid.UUID(int=number + 1)


def chunk_of(number: int) -> list[tuple[PersonKey, int | None]]:
    """Ten thousand people: each with the place in the chunk of the one they are, if stored twice.

    Numbers that must be one person's are left out of the second record.
    """
    rng = Random(SEED + number)
    made = make_population(rng, TODAY, CHUNK, first=number * FAMILIES).people()[:CHUNK]
    people: list[tuple[PersonKey, int | None]] = []
    last = int(CHUNK * (1 - TWICE_SHARE))
    for key in made[:last]:
        people.append((_commonly_named(rng, key), None))
    for again in rng.sample(range(last), CHUNK - last):
        known = people[again][0]
        typed, _slips = arrive_again(rng, known, rng.randint(1, 2))
        nik = "" if typed.nik == known.nik else typed.nik
        sex, born = typed.sex or known.sex, typed.birth_date or known.birth_date
        people.append((replace(typed, nik=nik, sex=sex, birth_date=born), again))
    return people


def _commonly_named(rng: Random, key: PersonKey) -> PersonKey:
    drawn = rng.random()
    if drawn < WHOLE_SHARE:
        return replace(key, name=rng.choice(COMMON_WOMEN if key.sex == "female" else COMMON_MEN))
    if drawn < WHOLE_SHARE + FIRST_SHARE:
        first = rng.choice(FIRST_WORDS[key.sex or "male"])
        return replace(key, name=" ".join(dict.fromkeys([first, *key.name.split()[-2:]])))
    return key


def folder_of(people: int) -> Path:
    """The data folder with so many people, made when it is not there yet."""
    files = sorted(path for pattern in SOURCES for path in ROOT.glob(pattern) if path.is_file())
    contents = [f"keys {WAY}".encode(), *(path.read_bytes() for path in files)]
    mark = sha256(b"\0".join(contents)).hexdigest()[:10]
    wanted = cache_folder() / f"matching-{people}-{mark}"
    for old in cache_folder().glob(f"matching-{people}-*"):
        if old != wanted:
            shutil.rmtree(old, ignore_errors=True)
    if (wanted / "made").exists():
        return wanted
    shutil.rmtree(wanted, ignore_errors=True)
    wanted.mkdir(parents=True)
    began = time.monotonic()
    print(f"· Membuat {people:,} orang tiruan, sekali saja", file=sys.stderr, flush=True)
    run = [sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"]
    subprocess.run(run, cwd=ROOT, env=environment(wanted), check=True)
    run = [sys.executable, "-m", "benchmarks.matching_people", str(people)]
    subprocess.run(run, cwd=ROOT, env=environment(wanted), check=True)
    taken = {"seconds": round(time.monotonic() - began)}
    (wanted / "made").write_text(json.dumps(taken), encoding="ascii")
    return wanted


def fill(people: int, folder: Path) -> None:
    """Store the people, and their words and keys, by the program's own functions."""
    import django

    django.setup()
    from django.db import connection, transaction

    from simpul.foundation.administration.services import (
        NewAccount,
        open_account,
        set_up_facility,
    )
    from simpul.foundation.core.rows import insert_rows
    from simpul.foundation.facilities.selectors import get_here
    from simpul.service.patients.index import index_names
    from simpul.service.patients.models import Patient

    set_up_facility("Puskesmas Ukur")
    open_account(NewAccount(name="Loket", username="loket", password=None, roles=("pendaftaran",)))
    owner, seen, twice = get_here().id, set[str](), []
    with connection.cursor() as cursor:
        # What is made up can be made up again; and a tree that fits into memory grows quicker.
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-1500000")
    stored = 0
    for chunk in _chunks(people):
        rows = []
        for place, (key, same) in enumerate(chunk[: people - stored]):
            if key.nik in seen:
                key = replace(key, nik="")
            elif key.nik:
                seen.add(key.nik)
            rows.append(patient_row(Patient, stored + place, key, owner))
            if same is not None:
                twice.append((stored + place, stored + same))
        with transaction.atomic():
            insert_rows(rows)
            index_names([(row.id, row.name) for row in rows])
        stored += len(rows)
        if stored % CHECKPOINT == 0 or stored == people:
            connection.checkpoint()  # type: ignore[attr-defined]
            print(f"  {stored:,} / {people:,}", file=sys.stderr, flush=True)
    (folder / TRUTH).write_text(json.dumps(twice), encoding="ascii")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit=1000")
        cursor.execute("ANALYZE")


def _chunks(people: int) -> Iterator[list[tuple[PersonKey, int | None]]]:
    numbers = range(-(-people // CHUNK))
    with ProcessPoolExecutor(os.cpu_count() or 1) as pool:
        waiting: list[Any] = []
        for number in numbers:
            waiting.append(pool.submit(chunk_of, number))
            if len(waiting) > 3:
                yield waiting.pop(0).result()
        for one in waiting:
            yield one.result()


def patient_row(model: Any, number: int, key: PersonKey, owner: uuid.UUID) -> Any:
    """One stored patient."""
    from simpul.foundation.core.clock import now

    return model(
        id=stored_id(number), owner=owner, version=1, change=uuid.uuid4(),
        mrn=f"{number + 1:07d}", name=key.name, birth_date=key.birth_date, sex=key.sex,
        birth_date_estimated=key.birth_date_estimated,
        nik=key.nik, bpjs_number=key.bpjs, kk_number=key.kk, mother_name=key.mother_name,
        rt=key.rt, rw=key.rw, village=key.village, phone=key.phone, registered_at=now(),
    )  # fmt: skip


def strangers(many: int) -> Iterable[PersonKey]:
    """People who have never been here."""
    number = STRANGE_CHUNK
    while many > 0:
        some = [key for key, same in chunk_of(number) if same is None][:many]
        yield from some
        many -= len(some)
        number += 1


if __name__ == "__main__":
    fill(int(sys.argv[1]), Path(os.environ["SIMPUL_DATA"]))
