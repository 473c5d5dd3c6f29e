"""`simpul import`: bring files in. Each kind of file is a module of its own, listed in KINDS."""

from typing import Any

from simpul.cli.commands import (
    import_fhir,
    import_people,
    import_populations,
    import_regions,
)

KINDS = (import_people, import_fhir, import_regions, import_populations)


def describe(commands: Any) -> None:
    """Say what the command does and takes."""
    reader = commands.add_parser(
        "import",
        help="masukkan data dari berkas",
        description=(
            "Memasukkan data dari berkas. Coba dahulu dengan --dry-run: isinya diperiksa, tidak\n"
            "ada yang disimpan. Yang ditolak disebut satu per satu; statusnya lalu 1."
        ),
    )
    kinds = reader.add_subparsers(title="jenis", metavar="JENIS", required=True)
    for kind in KINDS:
        kind.describe(kinds)
