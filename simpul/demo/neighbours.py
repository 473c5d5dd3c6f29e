"""The made-up district: three Puskesmas with people of their own, some known at all of them.

Nothing here exists; the codes have the shape of real ones but begin where no register has come to.
Read without Django by who only starts the district; the tables are loaded when one is filled.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simpul.demo.house import House

DINAS = "Dinas Kesehatan Contoh"
NAMES = ("Melati", "Kenanga", "Mawar")
TITLES = tuple(f"Puskesmas Contoh {name}" for name in NAMES)
#: So many people of each house are known at the other two as well.
SHARED = 12


def house(number: int) -> "House":
    """Return the first, second or third house."""
    from simpul.demo.house import House

    name = NAMES[number - 1]
    return House(
        name=TITLES[number - 1],
        codes={
            "satusehat_id": f"10009999{number + 10}",
            "kode_sarana": f"350999099{number + 10}",
            "registration_code": f"10999{number + 10}",
            "bpjs_provider_code": f"0999U9{number + 10}",
            "address": f"Jl. {name} No. {number}, Jember",
            "phone": f"+6284000000{number + 10:03d}",
            "area_code": "35.09",
        },
        first_family=number * 10_000,
        shared=SHARED,
        holds_register=False,
    )


def fill(number: int, size: str = "small") -> bool:
    """Make this house where there is none, or give it a fresh morning; True when made now."""
    from simpul.demo.making import SEED, add_morning, make_demo
    from simpul.demo.mark import needs_morning, read_mark

    if read_mark() is None:
        make_demo(size, lambda *_: None, seed=SEED + number, house=house(number))
        return True
    if needs_morning():
        add_morning()
    return False
