"""Keeps `simpul/locale` in step with the interface: Indonesian is the source, English is added.

    python tools/messages.py             collect, merge, compile
    python tools/messages.py --check     only look; needs nothing to be written

GNU gettext does the collecting, through Django's makemessages, which also reads templates.
"""

import gettext
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import processes

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "simpul"
LANGUAGE = "en"
CATALOGUE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
LEFT_OUT = 77  # the exit status by which `make check` knows that nothing was looked at
NOT_OURS = ("static", "locale", "__pycache__")


def have_gettext() -> bool:
    """Whether the gettext programs are here, installing them where nobody has to be asked."""
    programs = ("xgettext", "msgmerge", "msguniq", "msgattrib", "msgfmt")
    if not all(map(shutil.which, programs)) and processes.may_install():
        processes.apt_install("gettext")
    return all(map(shutil.which, programs))


def collect(package: Path) -> None:
    """Bring the catalogue of a copy of the package, or of the package itself, up to date."""
    (package / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "django", "makemessages", "--locale", LANGUAGE]
    command += ["--add-location", "file", "--no-obsolete", "--ignore", "static/*"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    env.pop("DJANGO_SETTINGS_MODULE", None)  # collecting reads files, not the site
    done = subprocess.run(
        command, cwd=package, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"makemessages:\n{done.stdout}{done.stderr}")


def compiled(catalogue: Path, target: Path) -> dict[str, str]:
    """Compile a catalogue and give back what it says; fuzzy entries are left out by msgfmt."""
    subprocess.run(["msgfmt", "--check-format", "-o", target, catalogue], check=True)
    return contents(target)


def contents(compiled_catalogue: Path) -> dict[str, str]:
    """The translations of a compiled catalogue, without its header."""
    with compiled_catalogue.open("rb") as file:
        found = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {str(source): text for source, text in found.items() if source}


def sources(catalogue: Path) -> set[str]:
    """Every source sentence of a catalogue, translated or not.

    Filling each empty or fuzzy entry with its source makes msgfmt keep all of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        full, target = Path(folder) / "full.po", Path(folder) / "full.mo"
        subprocess.run(["msgen", "--force-po", "-o", full, catalogue], check=True)
        subprocess.run(["msgattrib", "--clear-fuzzy", "-o", full, full], check=True)
        subprocess.run(["msgfmt", "-o", target, full], check=True)
        return set(contents(target))


def problems() -> list[str]:
    """What the committed catalogue lacks, found on a copy so that nothing here is changed."""
    here = PACKAGE / CATALOGUE
    with tempfile.TemporaryDirectory(prefix="simpul-messages-") as folder:
        copy = Path(folder) / "simpul"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns(*NOT_OURS))
        (copy / CATALOGUE).parent.mkdir(parents=True)
        shutil.copy(here, copy / CATALOGUE)
        collect(copy)
        wanted = sources(copy / CATALOGUE)
        translated = compiled(here, Path(folder) / "here.mo")
    found = [f"no English for: {source}" for source in sorted(wanted - set(translated))]
    found += [f"no longer used: {source}" for source in sorted(set(translated) - wanted)]
    ready = here.with_suffix(".mo")
    if not ready.exists() or contents(ready) != translated:
        found.append(f"{ready.relative_to(ROOT)} is older than the .po beside it")
    return [*found, "run `make messages`, then translate what is empty"] if found else []


def main(arguments: list[str]) -> int:
    """Look, or collect and compile."""
    looking = "--check" in arguments
    if looking and not (PACKAGE / CATALOGUE).exists():
        print("no simpul/locale yet")
        return LEFT_OUT
    if not have_gettext():
        print(
            "gettext tidak ada, jadi terjemahan tidak diperiksa · no gettext: nothing was looked at"
        )
        return LEFT_OUT if looking else 1
    if looking:
        wrong = problems()
        print("\n".join(wrong))
        return 1 if wrong else 0
    collect(PACKAGE)
    catalogue = PACKAGE / CATALOGUE
    translated = compiled(catalogue, catalogue.with_suffix(".mo"))
    empty = sorted(sources(catalogue) - set(translated))
    print(f"{len(translated)} kalimat berbahasa Inggris, {len(empty)} belum · untranslated:")
    print("\n".join(f"  {source}" for source in empty))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
