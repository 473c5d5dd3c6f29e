"""Looks whether what is declared, what is locked and what is packaged still agree."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"


def normal(requirement: str) -> str:
    """A requirement without comment and spaces."""
    return re.sub(r"\s+", "", requirement.split("#")[0]).lower()


def name_of(requirement: str) -> str:
    """The package a requirement is about, in its canonical spelling."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", match[0]).lower() if match else ""


def declared(source: str) -> set[str]:
    """The requirements of an .in file."""
    lines = (REQUIREMENTS / source).read_text(encoding="utf-8").splitlines()
    return {normal(line) for line in lines if normal(line) and not line.startswith("-")}


def locked(text: str) -> set[str]:
    """The packages a lock pins."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", text, re.M)
    return {name_of(pin) for pin in pins}


def problems() -> list[str]:
    """Everything that does not agree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packaged = {normal(requirement) for requirement in project["dependencies"]}
    found = [
        f"only one of pyproject.toml and runtime.in names {requirement}"
        for requirement in sorted(packaged ^ declared("runtime.in"))
    ]
    for name in ("runtime", "dev", "bench"):
        text = (REQUIREMENTS / f"{name}.lock").read_text(encoding="utf-8")
        pins = locked(text)
        found += [
            f"{name}.in names {requirement}, {name}.lock does not: run `make lock`"
            for requirement in sorted(declared(f"{name}.in"))
            if name_of(requirement) not in pins
        ]
        if re.search(r"^--|https?://", text, re.M):
            found.append(f"{name}.lock holds an index address or an option")
        unhashed = re.findall(r"^([A-Za-z0-9._-]+==[^\s\\]+)\s*$", text, re.M)
        found += [f"{name}.lock pins {pin} without a hash" for pin in unhashed]
    return found


if __name__ == "__main__":
    wrong = problems()
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)
