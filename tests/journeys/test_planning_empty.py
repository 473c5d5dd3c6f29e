"""Every page of planning on the first day, with nothing in it."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.accessible import Inspection
from tests.journeys.conftest import Person

#: Page, and what must say that there is nothing yet.
PAGES = {
    "perencanaan": "perencanaan-studi-kosong",
    "tenaga": "tenaga-kosong",
    "tenaga/perpindahan": "tenaga-perpindahan-kosong",
    "perencanaan/standar": "norma-kosong",
    "perencanaan/kesenjangan": "kesenjangan-kosong",
    "perencanaan/peta": "peta-daftar",
    "perencanaan/sebaran": "sebaran-kosong",
    "perencanaan/pemindahan": "relokasi-profesi",
    "perencanaan/bagaimana-jika": "bagaimana-jika-isian",
    "perencanaan/bagaimana-jika/skenario": "skenario-kosong",
    "perencanaan/bagaimana-jika/bandingkan": "banding-kosong",
    "perencanaan/studi": "studi-kosong",
    "perencanaan/studi/banding": "studi-kosong",
    "perencanaan/waktu": "waktu-masa",
    "perencanaan/waktu/banding": "banding-kosong",
    "pengamatan/kegiatan": "kegiatan-kosong",
}


def test_nothing_is_there_and_it_is_said(
    sit_down: Callable[..., Person], inspection: Inspection
) -> None:
    head = sit_down("kepala")
    for path, hook in PAGES.items():
        head.open(f"/{path}")
        expect(head.at(hook)).to_be_visible()
        inspection.look(head.page, f"{path} kosong", at_foot=path.endswith("jika"))
