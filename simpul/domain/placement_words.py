"""The small words around a complaint: denials, fillers, durations, abbreviations, spelling.

Data only; placement_reading.py says how it is used. A browser without its server reads complaints
with the very same lists, so nothing here may need more than a table and a loop.
"""

from dataclasses import dataclass

_NEGATIONS = (
    "tidak tdk tak tanpa bukan belum blm gak ga nggak ngga enggak ndak ora boten mboten henteu "
    "teu tiada enda takok"
)
#: Between a denial and what it denies: "tidak ada batuk", "belum pernah kejang".
_DENIED_THROUGH = "ada pernah ono aya disertai"
#: A denial goes on over these: "tidak sesak atau kejang".
_CONTINUERS = "atau maupun ataupun"
#: Said between the words of a phrase without changing it: "gigi saya yang sakit".
_FILLERS = (
    "saya aku kulo abdi sayah yang yg di ke dari nya ini itu niki iki sudah sdh wis sampun geus "
    "udah udh sekali banget bgt pisan agak rasa rasanya terasa kerasa krasa sedikit sangat terus "
    "terasanya dan sama pada lagi jadi kok sering kadang tadi barusan anak ibu bapak bagian "
    "sebelah mau dgn dengan ada karena krn selama sejak lebih kurang hampir sekitar kira lalu lah "
    "bu pak kiri kanan dok dokter mbak mas habis abis bekas si para untuk buat"
)
#: A number before a time is an age or the months of a pregnancy after these, not how long
#: somebody has been ill.
_NOT_LASTING = (
    "umur usia berumur berusia hamil kehamilan kandungan nifas anak bayi baby kontrol tiap setiap "
    "per imunisasi ngandung meteng mbobot"
)
_NUMBERS = {
    "setengah": 0.5, "satu": 1, "siji": 1, "dua": 2, "dua2": 2, "loro": 2, "rong": 2, "duwe": 2,
    "duo": 2, "tiga": 3, "telu": 3, "telung": 3, "tilu": 3, "tello": 3, "telo": 3, "empat": 4,
    "papat": 4, "patang": 4, "opat": 4, "lima": 5, "limang": 5, "enam": 6, "nem": 6, "genep": 6,
    "tujuh": 7, "pitu": 7, "pitung": 7, "tujuhbelas": 17, "delapan": 8, "wolu": 8, "sembilan": 9,
    "sanga": 9, "sepuluh": 10, "sepoloh": 10, "empatbelas": 14, "sak": 1, "sa": 1, "se": 1,
    "beberapa": 3, "pirang": 3,
}  # fmt: skip
_UNITS = {
    "hari": 1, "hr": 1, "hri": 1, "dina": 1, "dinten": 1, "poe": 1, "are": 1,
    "minggu": 7, "mgg": 7, "mg": 7, "mng": 7, "mggu": 7, "pekan": 7, "ahad": 7, "jumat": 7,
    "bulan": 30, "bln": 30, "bl": 30, "wulan": 30, "sasi": 30, "sasih": 30, "bulanan": 30,
    "tahun": 365, "thn": 365, "th": 365, "taun": 365, "warsa": 365,
}  # fmt: skip
_SPANS = {
    "sehari": 1, "seminggu": 7, "saminggu": 7, "sakminggu": 7, "semingguan": 7, "sepekan": 7,
    "sebulan": 30, "sabulan": 30, "sakwulan": 30, "sewulan": 30, "sasasi": 30, "sebulanan": 30,
    "setahun": 365, "sataun": 365, "setaun": 365, "berhari": 3, "berminggu": 21,
    "berbulan": 60, "bertahun": 730, "menahun": 730,
}  # fmt: skip
#: Written short at the counter; `said` may stand for several words.
_ABBREVIATIONS = {
    "skt": "sakit", "btk": "batuk", "dmm": "demam", "pns": "panas", "kpl": "kepala", "gg": "gigi",
    "gusie": "gusi", "imun": "imunisasi", "imuns": "imunisasi", "hml": "hamil", "kntrl": "kontrol",
    "ktrl": "kontrol", "krg": "kurang", "drh": "darah", "prt": "perut", "tgl": "tanggal",
    "nfs": "napas", "sk": "sakit", "bb": "bb", "obt": "obat", "bengkk": "bengkak",
    "kejg": "kejang", "perdrhn": "perdarahan", "psg": "pasang", "sntk": "suntik", "vit": "vitamin",
    "lab": "lab", "bumil": "ibu hamil", "busui": "ibu menyusui",
}  # fmt: skip
#: One sound written in several ways, in this order; then doubled letters become one.
_SOUNDS = (
    ("oe", "u"), ("dj", "j"), ("tj", "c"), ("ph", "p"), ("sy", "s"), ("kh", "k"), ("dh", "d"),
    ("th", "t"), ("bh", "b"), ("gh", "g"), ("f", "p"), ("v", "p"), ("z", "s"), ("q", "k"),
)  # fmt: skip
#: Endings that leave the word what it is: giginya, untune, huntuna.
_ENDINGS = ("nya", "ipun", "ne", "na", "ku", "mu", "lah", "e", "en", "an")
#: Right words of everyday complaints, which are never another word misspelt.
_ORDINARY = (
    "sawah pasar rumah jalan motor mobil sepeda kondangan hujan panen tandur masak buah kasur "
    "guru kolam kebun pulang poli panas demam batuk pilek pusing mual muntah diare mencret perut "
    "kepala badan pegal linu gatal gatel kulit mata telinga kuping hidung tenggorokan leher dada "
    "punggung pinggang boyok lutut dengkul kaki tangan jari kuku rambut sakit nyeri perih kontrol "
    "periksa obat habis tinggi rendah darah gula kencing manis haid mens keputihan lemas lemes "
    "capek jatuh luka bisul koreng bengkak benjol benjolan memar keseleo terkilir susah sulit "
    "tidur makan minum nafsu berat turun naik surat sehat sekolah kerja rujukan rujuk bpjs kartu "
    "hasil lanjut lanjutan ulang rutin bulan minggu hari tahun kemarin semalam tadi malam pagi "
    "siang sore sejak sudah belum bukan tidak masih mulai lalu kambuh kumat riwayat bekas setelah "
    "sesudah sebelum waktu kalau saat kanan kiri atas bawah depan belakang dalam luar seluruh "
    "semua minta mau ingin ambil antar anak bayi ibu bapak suami istri nenek kakek cucu bersin "
    "ingus dahak kering basah serak suara ngorok kesemutan gringgingen kram kaku otot tulang "
    "sendi asam urat kolesterol tensi hipertensi maag lambung kembung begah ambeien wasir berak "
    "buang air besar kecil keras cair lendir bintik merah ruam bentol alergi kadas kurap panu "
    "kutil kutu cacing rabun buram belekan bintitan sariawan bibir lidah mulut wajah muka pipi "
    "jerawat ketombe rontok stress cemas gelisah sedih pikun gemetar tremor berdebar pinggul "
    "selangkangan pantat tumit telapak rewel nangis netek menyusu kuning tali pusat pusar sunat "
    "khitan jahitan jahit perban ganti rawat buka lepas bulanan kontak kontan pelan pelas stop "
    "steps sesal gagal tegal kenang kekenyangan kandung pasangan sisik badannya vaseline gizinya "
    "tumbuh tumbang timbul"
)


@dataclass(frozen=True, slots=True, eq=False)
class WordRules:
    """How complaints are read: every list a reader needs, and the three numbers of its tolerance.

    Words of `fuzzy_letters` letters and more may be one slip away (a letter more, less, other, or
    two swapped), from `fuzzy_letters_two` on two slips; the first letter must be right.
    """

    negations: frozenset[str]
    denied_through: frozenset[str]
    continuers: frozenset[str]
    fillers: frozenset[str]
    not_lasting: frozenset[str]
    ordinary: frozenset[str]
    #: A complaint of these words alone says no symptom: "kontrol rutin", "periksa bayi".
    quiet: frozenset[str]
    numbers: dict[str, float]
    units: dict[str, int]
    spans: dict[str, int]
    abbreviations: dict[str, tuple[str, ...]]
    sounds: tuple[tuple[str, str], ...]
    endings: tuple[str, ...]
    #: A word of four letters may be one of five without one of these: btuk, hmil.
    vowels: str = "aeiou"
    fuzzy_letters: int = 5
    fuzzy_letters_two: int = 10
    ending_stem_letters: int = 3
    most_fillers: int = 3


_QUIET = (
    "kontrol kontrole periksa priksa rutin ulang sehat datang bulanan jadwal bayi anak baby "
    "balita posyandu kunjungan cek tidak ada keluhan ambil obat habis minta lanjutan rujukan "
    "surat sesuai kembali lagi seperti biasa jadwalnya suntik waktunya tanggal"
)

NATIONAL_WORDS = WordRules(
    negations=frozenset(_NEGATIONS.split()),
    denied_through=frozenset(_DENIED_THROUGH.split()),
    continuers=frozenset(_CONTINUERS.split()),
    fillers=frozenset(_FILLERS.split()),
    not_lasting=frozenset(_NOT_LASTING.split()),
    ordinary=frozenset(_ORDINARY.split()),
    quiet=frozenset(_QUIET.split()),
    numbers=_NUMBERS,
    units=_UNITS,
    spans=_SPANS,
    abbreviations={short: tuple(said.split()) for short, said in _ABBREVIATIONS.items()},
    sounds=_SOUNDS,
    endings=_ENDINGS,
)
