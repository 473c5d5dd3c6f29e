"""A call in words, as the waiting room hears it: `Nomor antrean A, tujuh belas, menuju Poli Umum`.

The number is written out, because a voice that reads "A17" as one word is not understood. The
sentence is Indonesian whatever language the screens are in. It holds no name.
"""

import re

UNITS = (
    "nol", "satu", "dua", "tiga", "empat", "lima",
    "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
)  # fmt: skip


def call_sentence(prefix: str, number: int, unit_name: str, room: str = "") -> str:
    """Return the sentence that calls a number to a unit, and to a room of it."""
    head, letters, words, way, *places = call_parts(prefix, number, unit_name, room)
    return f"{head} {letters}, {words}, {way} {', '.join(places)}."


def call_parts(prefix: str, number: int, unit_name: str, room: str = "") -> list[str]:
    """Return the pieces a call is said in; a site's own recordings are named after them."""
    places = [spoken_place(unit_name), *([spoken_place(room)] if room else [])]
    return ["Nomor antrean", " ".join(prefix), number_words(number), "menuju", *places]


def spoken_place(name: str) -> str:
    """Return the name of a unit or room as it is said: `Ruang 2` → `Ruang dua`.

    What stands in brackets is for the eye.
    """
    name = re.sub(r"\([^)]*\)", " ", name)
    name = re.sub(r"\d{1,4}", lambda found: f" {number_words(int(found[0]))} ", name)
    name = name.replace("&", " dan ").replace("/", " ")
    return " ".join(re.sub(r"[^\w\s'.-]", " ", name).split())


def number_words(number: int) -> str:
    """Return a number from 0 to 9,999 in Indonesian words; a larger one in digits."""
    if number > 9_999 or number < 0:
        return str(number)
    return " ".join(_words(number))


def _words(number: int) -> list[str]:
    if number < 12:
        return [UNITS[number]]
    if number < 20:
        return [UNITS[number - 10], "belas"]
    for size, word, single in ((1_000, "ribu", "seribu"), (100, "ratus", "seratus")):
        if number >= size:
            count, rest = divmod(number, size)
            head = [single] if count == 1 else [*_words(count), word]
            return [*head, *(_words(rest) if rest else [])]
    count, rest = divmod(number, 10)
    return [UNITS[count], "puluh", *([UNITS[rest]] if rest else [])]
