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
        "RR PDT TN NY NN NONA AN SDR SDRI SDRA BY BAYI BPK BAPAK IBU ALM ALMH"
    )
)

# Of these, those of a baby that has no name of its own yet.
BABY_TITLES: frozenset[str] = frozenset(_words("BY BAYI"))

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

# One key for spellings of one given name that no rule of letters brings together: old J for Y where
# J cannot be meant (Judi, Jono and Jati stay what they are), vowels heard one way in Arabic and
# another in Javanese and Madurese, Chinese family names in Dutch and in today's letters.
VARIANTS: dict[str, str] = {
    variant: form
    for form, variants in {
        # Old J
        "YUSUF": "JUSUF JUSUP YUSOF YUSOP YUSUPH", "YUNUS": "JUNUS", "YAHYA": "JAHJA JAHYA",
        "YAKUB": "JAKUB YACUB YAQUB", "YASIN": "JASIN", "WIJAYA": "WIDJAJA WIDJAYA WIJAJA",
        # Arabic, as Javanese and Madurese say it
        "ABDUL": "ABDUR ABDUS ABDUN ABDUT ABDUZ ABDUD ABDUSY ABDUSH",
        "ABDULLAH": "ABDULLOH ABDULAH ABDULOH", "RAHMAN": "ROHMAN ROCHMAN", "RAHIM": "ROHIM ROCHIM",
        "RAHMAT": "RAHMAD RACHMAD ROHMAT ROHMAD ROCHMAT ROCHMAD",
        "HASAN": "HASSAN CHASAN KHASAN", "HUSEN": "HUSEIN HUSAIN HUSSEIN HUSSAIN HOSEN HOSEIN",
        "HATIJAH": "KHADIJAH HADIJAH HOTIJAH KHOTIJAH CHOTIJAH CHOTIDJAH KHATIJAH KODIJAH",
        "FATIMAH": "PATIMAH FATEMAH FATMAH", "MARYAM": "MARIYAM MARJAM MARIAM",
        "HALIMAH": "HALEMAH KHALIMAH", "USMAN": "OSMAN UTSMAN OETHMAN UTHMAN", "UMAR": "OMAR",
        "ZAINAL": "JAINAL JAENAL", "ZAINAB": "JAINAB JAENAB", "ZAINUL": "JAINUL JAENUL",
        "ZAINUDIN": "JAINUDIN JAENUDIN JAENUDDIN", "RIZAL": "RIJAL", "RIZKI": "RIJKI RISKI",
        "KADIR": "KODIR QODIR", "TAUFIK": "TOPIK TOFIK TAUPIK", "SALEH": "SHOLEH SOLEH SHALEH",
        "NUR": "NOOR NOR", "NURUL": "NOORUL NORUL", "HAFIZ": "HAFID HAFIDZ HAPID",
        # Chinese family names
        "LIM": "LIEM", "KWE": "KWIE", "OEI": "OEY OEIJ", "GO": "GOUW GOH", "KHO": "KHOUW KHOE",
        "SIE": "SZE", "TIO": "THIOE TEO", "YAP": "JAP",
    }.items()
    for variant in _words(variants)
}  # fmt: skip

# Between two words of a name, and no name: son or daughter of, and the Batak daughter of a clan.
PARTICLES: frozenset[str] = frozenset(_words("BIN BINTI BINTE BTE BORU BR ALIAS"))

# Spelling folded to one key, applied from top to bottom on upper-case letters (patterns).
FOLDS: tuple[tuple[str, str], ...] = (
    (r"^NJ", "NY"),  # Njoman; inside a word NJ is of today (Panji)
    (r"AJOE", "AYU"),  # Rahajoe, Bajoe
    (r"DJAJA", "JAYA"),  # Tanudjaja
    (r"OE", "U"),  # Soekarno
    (r"DJ", "J"),  # Djoko
    (r"TJ", "C"),  # Tjahjo
    (r"SJ", "SY"),  # Sjarif
    (r"HJ", "HY"),  # Tjahjono: today no word has HJ
    (r"CH(?=[RL])", "K"),  # Christina
    (r"^CH(?=AND|ARL|AHY|EN|IN|ELS|ER)", "C"),  # Chandra, Charles: not the CH of Choirul
    (r"TS(?=[AIU])", "S"),  # Tsani
    (r"KH|CH", "H"),  # Khoirul, Choirul
    (r"S[YH](?=[AEIOU])|SH|DZ|Z", "S"),  # Syamsul, Shinta, Aziz
    (r"TH", "T"),  # Fathoni
    (r"DH", "D"),  # Ridho
    (r"GH", "G"),  # Ghofur
    (r"BH", "B"),
    (r"PH|[VF]", "P"),  # Novi, Nofi, Nopi; Arif, Arip: most say P for all of them
    (r"CK|Q", "K"),  # Qomariah
    (r"X", "KS"),
    (r"AE", "AI"),  # Zaenal
    (r"Y", "I"),  # Yanti, Widya
    (r"(.)\1+", r"\1"),  # Mohammad
    (r"(?<=.)H$", ""),  # Fatimah
)

# Given names so common that sharing one says little.
COMMON: frozenset[str] = frozenset(_words("MUHAMAD SITI ABDUL NUR SRI AHMAD DEWI I NI"))
