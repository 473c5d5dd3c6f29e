"""A call in words, as the waiting room hears it: `Nomor antrean A, tujuh belas, menuju Poli Umum`.

The number is written out, because a voice that reads "A17" as one word is not understood.
"""

from django.utils.translation import gettext as _

UNITS = (
    "nol", "satu", "dua", "tiga", "empat", "lima",
    "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
)  # fmt: skip


def call_sentence(prefix: str, number: int, unit_name: str) -> str:
    """Return the sentence that calls a number to a unit."""
    return _("Nomor antrean %(letter)s, %(number)s, menuju %(unit)s.") % {
        "letter": " ".join(prefix),
        "number": number_words(number),
        "unit": unit_name,
    }


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
