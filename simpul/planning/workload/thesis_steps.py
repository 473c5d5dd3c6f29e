"""Activities with their steps, ready to be observed: registration and filing, as published.

Steps and target times: study of the registration and filing desks of a hospital in Central Java,
2014 (tables 4.5.1–4.5.5; the filing steps are the same for outpatients and inpatients). Means are
the published seconds, kept as a comparison and never used as a norm of this facility. In the table
of new outpatients the activity's own name says what is done in a Puskesmas.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from simpul.domain import timing
from simpul.foundation.staff.models import Role


@dataclass(frozen=True)
class Template:
    """One activity with (step, published mean in hundredths of a second)."""

    name: Any
    category: str
    target_minutes: int
    steps: tuple[tuple[str, int], ...]
    journal_activity: str = ""
    source: str = ""

    @property
    def published_seconds(self) -> float:
        """The published sum of its steps."""
        return sum(hundredths for _name, hundredths in self.steps) / 100


_NEW = (
    "Menyiapkan formulir dan berkas rekam medis",
    "Mewawancarai pasien",
    "Verifikasi syarat BPJS",
    "Mengisi formulir pendaftaran",
    "Mengisi KIB",
    "Mengentri data pasien",
    "Mendistribusikan berkas rekam medis",
)
_FILING = (
    ("Mengambil berkas dari rak", 8354),
    ("Mendistribusikan berkas ke unit pelayanan", 2962),
    ("Mengambil berkas dari unit pelayanan", 3143),
    ("Menjajarkan berkas di rak", 8221),
)

TEMPLATES: tuple[Template, ...] = (
    Template(
        _("Pendaftaran pasien baru rawat jalan"),
        Role.REGISTRAR,
        10,
        tuple(zip(_NEW, (4031, 5253, 6384, 6791, 4539, 8924, 8147), strict=True)),
        timing.NEW,
        "Tabel 4.5.1",
    ),
    Template(
        _("Pendaftaran pasien lama rawat jalan"),
        Role.REGISTRAR,
        5,
        (
            ("Menanyakan KIB", 1537),
            ("Verifikasi syarat BPJS", 6659),
            ("Mengentri data pasien", 8893),
            ("Mencari berkas rekam medis", 6728),
            ("Mendistribusikan berkas rekam medis", 8935),
        ),
        timing.KNOWN,
        "Tabel 4.5.2",
    ),
    Template(
        _("Pendaftaran pasien baru rawat inap"),
        Role.REGISTRAR,
        10,
        tuple(zip(_NEW, (3841, 7520, 6819, 6607, 4633, 8857, 8244), strict=True)),
        "",
        "Tabel 4.5.3",
    ),
    Template(
        _("Pendaftaran pasien lama rawat inap"),
        Role.REGISTRAR,
        5,
        (
            ("Menanyakan KIB", 1267),
            ("Mengentri data pasien", 8375),
            ("Verifikasi syarat BPJS", 7232),
            ("Mencari berkas rekam medis", 6016),
            ("Mendistribusikan berkas rekam medis", 8548),
        ),
        "",
        "Tabel 4.5.4",
    ),
    Template(_("Filing rawat jalan"), Role.RECORD_OFFICER, 18, _FILING, "", "Tabel 4.5.5"),
    Template(_("Filing rawat inap"), Role.RECORD_OFFICER, 18, _FILING, "", "Tabel 4.5.5"),
)
