"""Words of other people's lists for religion, education and marital status."""

import re

from simpul.service.patients.models import Education, MaritalStatus, Religion

_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "religion": {
        Religion.ISLAM: ("islam", "muslim"),
        Religion.PROTESTANT: ("kristen", "protestan", "kristenprotestan", "kp"),
        Religion.CATHOLIC: ("katolik", "katholik", "kristenkatolik", "kk"),
        Religion.HINDU: ("hindu",),
        Religion.BUDDHIST: ("buddha", "budha", "budda"),
        Religion.CONFUCIAN: ("khonghucu", "konghucu", "konghuchu"),
        Religion.BELIEF: ("kepercayaan", "penghayat", "aliranlain", "lainnya"),
    },
    "education": {
        Education.NONE: ("tidaksekolah", "belumsekolah", "tdksekolah", "tk", "paud", "blmsekolah"),
        Education.PRIMARY: ("sd", "mi", "sdsederajat", "sdmi", "tamatsd", "tidaktamatsd"),
        Education.JUNIOR: ("smp", "mts", "sltp", "smpsederajat", "smpmts"),
        Education.SENIOR: ("sma", "smk", "ma", "slta", "smasmk", "smasederajat", "smu", "stm"),
        Education.DIPLOMA: ("d1", "d2", "d3", "diploma", "diii", "dii", "di", "akademi"),
        Education.BACHELOR: ("s1", "d4", "sarjana", "div", "strata1", "pt", "perguruantinggi"),
        Education.POSTGRADUATE: ("s2", "s3", "pascasarjana", "magister", "doktor"),
    },
    "marital_status": {
        MaritalStatus.SINGLE: ("belumkawin", "blmkawin", "belummenikah", "lajang", "bk", "tk"),
        MaritalStatus.MARRIED: ("kawin", "menikah", "nikah", "k", "kawintercatat", "sudahkawin"),
        MaritalStatus.DIVORCED: ("cerai", "ceraihidup", "ch"),
        MaritalStatus.WIDOWED: ("ceraimati", "janda", "duda", "cm"),
    },
}
_CHOICE_OF = {
    field: {word: str(choice) for choice, words in choices.items() for word in words}
    for field, choices in _WORDS.items()
}


def read_choice(field: str, text: str) -> str:
    """Return the code a word stands for in one of the three fields; "" where it is not known."""
    key = re.sub(r"[^a-z0-9]", "", text.casefold())
    known = _CHOICE_OF[field]
    return known.get(key) or (key if key in known.values() else "")
