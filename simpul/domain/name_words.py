"""Words of Indonesian names that are not the name: titles, degrees, short forms, old spellings.

Data only; the rules that use it are in names.py. Titles are dropped only in front of a name and
only while something remains, degrees only behind it, so that a person really called `An` keeps
the name.
"""


def _words(text: str) -> list[str]:
    return text.split()


# In front of the name, without dots. `BY NY` (baby of Mrs) is two of them.
TITLES: frozenset[str] = frozenset(
    _words(
        "H HJ HAJI HAJJAH KH KYAI NYAI UST USTAD USTADZ USTADZAH GUS NING "
        "DR DRG DRH DRS DRA IR PROF APT NS BD BDN "
        "TN NY NN NONA AN SDR SDRI SDRA BY BAYI BPK BAPAK IBU ALM ALMH"
    )
)

# Behind the name, without dots and spaces.
DEGREES: frozenset[str] = frozenset(
    _words(
        "SPD SPDI SE SH SHI SKM SKEP SKOM SKED SST SSI SSTKEB ST SP SSOS SIP SAG SAP SFARM SGZ STP "
        "STRKEB STRKES MPD MPDI MSI MKES MM MH MSC MT MAP MKOM MKEP MFARM MPH MED MA PHD AMD "
        "AMDKEB AMDKEP AMKEP AMK AMKEB AMKL AMG NERS NS APT BSC BA LC SPA SPOG SPPD SPB "
        "SPKK SPJP SPM SPS"
    )
)

# Short and variant forms of very common given names: one form for all.
SAME_NAME: dict[str, str] = {
    **dict.fromkeys(
        _words(
            "MOH MOCH MHD MUH MUHD MUCH MOHD MOHAMAD MOHAMMAD MOHAMED MOHAMMED MOCHAMAD MOCHAMMAD "
            "MOCHAMMED MOKHAMAD MOKHAMMAD MUHAMAD MUHAMMAD MUHAMED MUHAMMED MUCHAMAD MUCHAMMAD "
            "MUKHAMAD MUKHAMMAD MUHAMMAT MUHAMAT MOHAMAT"
        ),
        "MUHAMAD",
    ),
    **dict.fromkeys(_words("ABD ABDL ABDOEL"), "ABDUL"),
    **dict.fromkeys(_words("ST STI SITTI SITY SITIE"), "SITI"),
    **dict.fromkeys(_words("AHMD ACHM"), "AHMAD"),
}

# Old spelling J for Y: only in names where J cannot be meant. J is a letter of today as well, so
# that Judi, Jono and Jati stay what they are.
OLD_J: dict[str, str] = {
    "JUSUF": "YUSUF", "JUSUP": "YUSUP", "JUNUS": "YUNUS", "JAHJA": "YAHYA", "JAHYA": "YAHYA",
    "JAKUB": "YAKUB", "JASIN": "YASIN",
}  # fmt: skip

# Spelling folded to one key, applied from top to bottom on upper-case letters (patterns).
FOLDS: tuple[tuple[str, str], ...] = (
    (r"^NJ", "NY"),  # Njoman; inside a word NJ is of today (Panji)
    (r"OE", "U"),  # Soekarno
    (r"DJ", "J"),  # Djoko
    (r"TJ", "C"),  # Tjahjo
    (r"SJ", "SY"),  # Sjarif
    (r"CH(?=[RL])", "K"),  # Christina
    (r"KH|CH", "H"),  # Khoirul, Choirul
    (r"S[YH](?=[AEIOU])|SH|DZ|Z", "S"),  # Syamsul, Shinta, Aziz
    (r"TH", "T"),  # Fathoni
    (r"DH", "D"),  # Ridho
    (r"GH", "G"),  # Ghofur
    (r"BH", "B"),
    (r"PH|V", "F"),  # Novi
    (r"CK|Q", "K"),  # Qomariah
    (r"X", "KS"),
    (r"AE", "AI"),  # Zaenal
    (r"Y", "I"),  # Yanti, Widya
    (r"(.)\1+", r"\1"),  # Mohammad
    (r"(?<=.)H$", ""),  # Fatimah
)

# Given names so common that sharing one says little.
COMMON: frozenset[str] = frozenset(_words("MUHAMAD SITI ABDUL NUR SRI AHMAD DEWI I NI"))
