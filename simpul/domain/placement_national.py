"""The national rule set that comes with the program. Data only; placement.py applies it.

Order and clusters follow the technical guide of integrated primary care (Kepmenkes
HK.01.07/MENKES/2015/2023): emergencies first, teeth, infectious disease, then the cycle of life.
Words are given as people say them at the counter, with the commonest regional ones (Javanese,
Madurese, Sundanese, Malay). Each rule has cases beside it that must keep finding it.
"""

from dataclasses import replace

from simpul.domain.placement_cases import read_cases
from simpul.domain.placement_rules import (
    ADULT_YEARS,
    ELDERLY_YEARS,
    FERTILE_FROM_YEARS,
    FERTILE_UNTIL_YEARS,
    UNDER_FIVE_YEARS,
    Rule,
    years,
)

_BREATH = (
    "sesak", "sesek", "sesk", "sesseg", "sesak napas", "sesaknapas", "sesek napas", "susah napas",
    "susah bernapas", "sulit napas", "sulit bernapas", "tidak bisa napas", "napas berat",
    "napas cepat", "napas cuping", "megap", "megap megap", "ampeg", "ngos ngosan", "eungap",
    "sossa nyaba", "sossa anyaba", "seddek", "semput", "mengi berat", "asma kambuh",
    "bengek kambuh", "bibir biru", "kebiruan", "membiru", "henti napas", "keselek", "kesedak",
    "tersedak", "kabeureuyan", "tertelan", "ketelan", "kemasukan biji", "kemasukan kelereng",
    "napas tersengal", "tersengal sengal", "ngik ngik", "tidak bisa bernapas",
)  # fmt: skip
_HEART_AND_BRAIN = (
    "nyeri dada", "sakit dada", "dada sakit", "dada nyeri", "dodo loro", "loro dodo", "nyeri dodo",
    "dada ditekan", "dada seperti ditindih", "dada sebelah kiri sakit", "kejang", "kejet",
    "kejet kejet", "step", "stuip", "sawan", "pingsan", "pengsan", "semaput", "klenger",
    "kalenger", "kapiuhan", "kapaehan", "tidak sadar", "tidak sadarkan diri", "teu sadar",
    "ora sadar", "ta enga", "penurunan kesadaran", "tidak bisa dibangunkan", "stroke", "pelo",
    "perot mendadak", "lumpuh mendadak", "lumpuh sebelah", "lumpuh separuh",
    "tangan kaki lemah sebelah", "dada berat", "dada terasa berat", "dada tertekan",
    "keringat dingin", "mulut mencong", "mulut miring", "mulut perot", "muka mencong",
    "wajah mencong", "lemah separuh", "lemah sebelah", "mati separuh", "hampir pingsan",
    "kehilangan kesadaran", "kaku seluruh badan", "mulut tidak bisa dibuka", "gula drop", "ngamuk",
    "mengamuk", "bunuh diri", "gantung diri", "tidak bisa kencing sama sekali",
    "bibir bengkak setelah obat", "badan sebelah", "sebelah badan", "separuh badan", "separo badan",
    "separo awak", "sebelah tubuh", "tubuh sebelah", "tangan dan kaki lemah", "lumpuh tiba tiba",
    "tiba tiba lumpuh", "bicara pelo", "bicara tidak jelas", "tidak bisa digerakkan",
    "ora iso diobahno", "tidak bisa bicara",
)  # fmt: skip
_BLEEDING = (
    "perdarahan", "pendarahan", "getihen", "metu getih akeh", "keluar darah banyak",
    "darah tidak berhenti", "muntah darah", "muntah getih", "berak darah segar",
    "bab darah segar banyak", "mimisan tidak berhenti", "kaloar dara", "darah mengucur",
    "darah ngucur", "berdarah banyak", "darah tidak mau berhenti", "keluar darah terus",
)  # fmt: skip
_ACCIDENTS = (
    "kecelakaan", "tabrakan", "ketabrak", "tertabrak", "nabrak", "kemalangan", "kll", "laka",
    "jatuh dari", "jatuh motor", "jatuh soko", "tibo soko", "tibo teko", "tiba soko", "ceblok",
    "labuh tina", "gaggar dari", "patah tulang", "patah tangan", "patah kaki", "luka bakar",
    "kobong", "terbakar", "luka robek", "luka tusuk", "luka bacok", "luka sobek", "kena bacok",
    "tersiram air panas", "kesiram air panas", "kesiram minyak", "tersengat listrik", "kesetrum",
    "kasetrum", "tenggelam", "kecemplung", "titeuleum", "keracunan", "minum racun",
    "minum obat nyamuk", "digigit", "tergigit", "digigit ular", "gigitan ular", "dicokot ulo",
    "dipacok oray", "ekekke olar", "dipatuk ular", "digigit anjing", "dicokot asu",
    "digegel anjing", "gigitan anjing", "digigit monyet", "overdosis", "obat kebanyakan",
    "kebanyakan obat", "salah minum obat", "disengat tawon", "dientup tawon", "disengat lebah",
    "patah", "tertusuk", "ketusuk", "kena paku", "kepala bocor", "kepala terbentur",
    "terbentur keras", "ketiban", "tertimpa", "kejatuhan", "terjepit mesin", "kejepit mesin",
    "tersayat", "kena parang", "kena pisau", "kena celurit", "kena sabit", "kena gergaji",
    "kena clurit", "kena arit", "dibacok", "ditusuk", "dipukuli", "dikeroyok", "penganiayaan",
    "kekerasan", "perkosaan", "tercebur", "tersiram", "kesiram", "kena air keras",
    "kena bahan kimia", "ditabrak", "keserempet", "terserempet", "terguling", "terkena ledakan",
    "kena petasan", "terpatuk ular", "sengatan", "arus listrik", "kena listrik", "terkena listrik",
    "kena setrum", "setrum", "kena kabel", "kesamber petir", "tersambar petir",
)  # fmt: skip
_EMERGENCY = (*_BREATH, *_HEART_AND_BRAIN, *_BLEEDING, *_ACCIDENTS)

_TEETH = (
    "gigi", "gusi", "geraham", "untu", "waja", "waos", "huntu", "gigih", "gighi", "careham",
    "gugusi", "bam", "karang gigi", "behel", "scaling", "tambal", "cabut gigi", "gigi berlubang",
    "gigis", "ggi", "tambalan", "cabut geraham", "gigi palsu", "akar gigi", "berlubang",
)  # fmt: skip

_TB = (
    "tb", "tbc", "tb paru", "tbc paru", "tuberkulosis", "oat", "obat paru", "obat enam bulan",
    "kontak tb", "kontak tbc", "flek paru", "flek paru paru", "paru paru basah kontrol",
    "batuk lama", "watuk suwe", "batuk menahun", "batuk kronis", "batuk berdarah", "batuk darah",
    "batuk campur darah", "watuk getih", "watuk metu getih", "dahak berdarah",
    "dahak campur darah", "berdahak campur darah", "berdahak darah", "dahak bercampur darah",
    "dahak ada darah", "batuk ada darah", "batuk keluar darah", "batuk bercampur darah",
    "riak campur darah", "riak berdarah", "riak getih", "watuk campur getih", "batuk berminggu",
    "batuk berbulan", "cek dahak", "periksa dahak", "tes dahak", "antar dahak", "kontrol paru",
    "tcm", "mantoux",
)  # fmt: skip
_TB_UNLESS = (
    "bb tb", "tb bb", "bb dan tb", "ukur tb", "timbang tb", "tb anak", "flek hamil", "keluar flek",
    "flek haid", "flek wajah", "flek hitam", "flek kb", "vaksin tb", "imunisasi tb",
)  # fmt: skip

_LABOUR = (
    "ketuban", "ketuban pecah", "air ketuban", "kawah pecah", "metu kawah", "mau melahirkan",
    "akan melahirkan", "mau lahiran", "arep lahiran", "arep nglairake", "arep babaran", "babaran",
    "rek ngalahirkeun", "bade lahiran", "nak bersalin", "sakit bersalin", "inpartu", "bukaan",
    "kenceng kenceng", "kontraksi", "mules mau melahirkan", "mules teratur", "lendir darah",
    "lendir campur darah", "lendir bercampur darah", "lendir berdarah", "lendir getih",
    "lendir campur getih", "keluar lendir mules", "mules keluar lendir",
    "terro rembia", "arembi",
)  # fmt: skip

_PREGNANCY = (
    "hamil", "kehamilan", "nifas", "kandungan", "kakandungan", "kontrol kandungan",
    "periksa hamil", "anc", "ngandung", "mengandung", "mbobot", "meteng", "ngandheg", "wawrat",
    "reuneuh", "bobot", "ngidam", "nyidam", "telat haid", "terlambat haid", "telat mens",
    "telat datang bulan", "telat bulan", "terlambat datang bulan", "terlambat mens", "telat m",
    "tespek", "test pack", "tes kehamilan", "usg kandungan", "usg hamil", "habis melahirkan",
    "setelah melahirkan", "baru melahirkan", "bar lairan", "mentas nglairake", "sehabis bersalin",
    "setelah bersalin", "operasi sesar", "kontrol sesar", "sesar", "caesar", "kontrol nifas",
    "asi tidak keluar", "asi seret", "payudara bengkak", "testpack", "dua garis", "garis dua",
    "buku kia", "buku pink", "keguguran", "kuret", "mastitis", "puting lecet", "jahitan lahiran",
    "jahitan melahirkan", "kelas ibu hamil", "tidak haid", "belum haid", "tidak mens",
    "belum mens", "tidak datang bulan", "belum datang bulan", "tidak menstruasi",
    "belum menstruasi", "terlambat menstruasi", "telat menstruasi", "ora mens", "durung mens",
    "gak mens", "gak haid", "ora haid", "durung haid",
)  # fmt: skip
#: Of a period: "telat 2 bulan" says no more, and everybody at the counter knows what is late.
_LATE = ("telat", "terlambat")
_LATE_DAYS = 7
_NOT_PREGNANT = (
    "ingin hamil", "belum hamil", "program hamil", "promil", "susah hamil", "pengin meteng",
    "bukan hamil", "menunda kehamilan", "mencegah kehamilan", "turun bobot", "bobot turun",
    "bobot badan", "turun kandungan", "riwayat keguguran", "telat minum obat", "telat makan",
    "telat kontrol", "telat kb", "telat suntik", "telat berobat", "telat obat",
    "terlambat minum obat", "terlambat kontrol", "terlambat suntik", "terlambat berobat",
)  # fmt: skip

_FAMILY_PLANNING = (
    "kb", "suntik kb", "suntik kabe", "pil kb", "pasang kb", "kontrol kb", "lepas kb", "ganti kb",
    "iud", "spiral", "implan", "implant", "susuk", "kontrasepsi", "akdr", "akbk",
    "menunda kehamilan", "mencegah kehamilan", "steril", "tubektomi",
)  # fmt: skip

_IMMUNISATION = (
    "imunisasi", "vaksin", "vaksinasi", "suntik bayi", "nyuntik bayi", "suntikan bayi",
    "cucuk bayi", "bcg", "polio", "dpt", "pentabio", "hb0", "imunisasi campak", "suntik campak",
    "suntik tt", "belum imunisasi", "belum vaksin", "kejar imunisasi", "rotavirus", "pcv",
)  # fmt: skip
_AFTER_IMMUNISATION = (
    "habis imunisasi", "abis imunisasi", "bar imunisasi", "setelah imunisasi", "sesudah imunisasi",
    "pasca imunisasi", "bekas imunisasi", "habis vaksin", "setelah vaksin", "bekas vaksin",
    "habis suntik", "bekas suntik", "habis dicucuk",
)  # fmt: skip

_NUTRITION = (
    "gizi", "konsultasi gizi", "konsul gizi", "gizi buruk", "gizi kurang", "stunting", "diet",
    "berat badan tidak naik", "berat badan kurang", "bb tidak naik", "bb seret", "bb kurang",
    "bgm", "pmt", "kurang gizi", "obesitas", "atur makan", "kegemukan", "berat badan berlebih",
    "konsultasi makan",
)  # fmt: skip

_CHRONIC = (
    "prolanis", "gula", "kencing manis", "diabetes", "dm", "darah tinggi", "hipertensi", "ht",
    "tensi", "kontrol tensi", "cek gula", "obat rutin", "obat habis", "senam",
)  # fmt: skip

_FERTILE_FROM = years(FERTILE_FROM_YEARS)
_FERTILE_BELOW = years(FERTILE_UNTIL_YEARS + 1)

_RULES: tuple[Rule, ...] = (
    Rule("ugd-tanda", "ugd", "ditandai gawat", emergency=True, call_now=True),
    Rule(
        "ugd-keluhan", "ugd", "keluhan gawat", words=_EMERGENCY, call_now=True,
        unless=("riwayat stroke", "post stroke", "pasca stroke", "setelah stroke", "kontrol stroke",
                "bekas stroke", "habis stroke", "riwayat kejang", "riwayat step", "kontrol luka",
                "rawat luka",
                "ganti perban", "perdarahan gusi", "gusi perdarahan", "gigi perdarahan",
                "riwayat asma", "riwayat sesak", "kontrol asma", "obat asma", "obat sesak habis",
                "surat kecelakaan", "kontrol kecelakaan", "digigit nyamuk", "digigit serangga",
                "digigit semut", "digigit kutu", "habis melahirkan", "kontrol patah",
                "bekas patah", "gigi patah", "patah gigi", "gigi depan patah", "geraham patah",
                "tambal", "tambalan", "patah hati", "kuku patah",
                "bekas kecelakaan"),
    ),
    Rule(
        "ugd-lansia", "ugd", "lansia jatuh, {age}",
        words=("jatuh", "tibo", "labuh", "gaggar", "terpeleset", "kepleset", "kepeleset",
               "kejeglong", "tergelincir", "tersandung", "kesandung"),
        unless=("riwayat jatuh", "takut jatuh", "sering jatuh", "kontrol jatuh"),
        age_from_days=years(ELDERLY_YEARS), call_now=True,
    ),
    Rule("gigi", "gigi", "keluhan gigi", words=_TEETH, unless=("tumbuh gigi", "gigi mau tumbuh")),
    Rule(
        "tb", "tb", "batuk lama / program TB", words=_TB, unless=_TB_UNLESS,
        lasting=("batuk", "watuk", "bato", "gohgoy", "gogoy", "cekoh", "dahak", "riak"),
        lasting_days=14, tags=("masker",),
    ),
    Rule(
        "tb-anak", "tb", "flek pada anak, {age}", words=("flek",), unless=_TB_UNLESS,
        age_below_days=years(FERTILE_FROM_YEARS), tags=("masker",),
    ),
    Rule(
        "tb-program", "tb", "sedang pengobatan TB", programmes=("tb",), tags=("masker",),
        unless=(*_PREGNANCY, *_LABOUR, *_FAMILY_PLANNING, *_IMMUNISATION),
    ),
    Rule(
        "persalinan", "persalinan", "tanda persalinan, P {age}", words=_LABOUR, sex="female",
        unless=("kontraksi otot", "habis babaran", "bar babaran", "ngompol"),
        age_from_days=_FERTILE_FROM, age_below_days=_FERTILE_BELOW,
    ),
    Rule("pesanan", "", "sudah memesan tempat", booked=True),
    Rule(
        "kia-status", "kia", "hamil/nifas, P {age}", pregnant=True, sex="female",
        age_from_days=_FERTILE_FROM, age_below_days=_FERTILE_BELOW,
    ),
    Rule(
        "kb", "kia", "layanan KB, P {age}", words=_FAMILY_PLANNING, sex="female", cluster="3",
        unless=("flek hamil",),
        age_from_days=_FERTILE_FROM, age_below_days=_FERTILE_BELOW,
    ),
    Rule(
        "kia-keluhan", "kia", "hamil/nifas, P {age}", words=_PREGNANCY, sex="female",
        unless=_NOT_PREGNANT, lasting=_LATE, lasting_days=_LATE_DAYS,
        age_from_days=_FERTILE_FROM, age_below_days=_FERTILE_BELOW,
    ),
    Rule(
        "kb-program", "kia", "peserta KB, P {age}", programmes=("kb",), quiet=True,
        words=("suntik ulang", "jadwal suntik", "suntik 3 bulan", "suntik 1 bulan"),
        sex="female", cluster="3",
        age_from_days=_FERTILE_FROM, age_below_days=_FERTILE_BELOW,
    ),
    Rule(
        "imunisasi", "imunisasi", "imunisasi, {age}", words=_IMMUNISATION,
        unless=_AFTER_IMMUNISATION,
    ),
    Rule(
        "bias", "imunisasi", "imunisasi sekolah, {age}", words=("bias",),
        unless=("bias sembuh", "bias tidur", "bias makan"),
        age_from_days=years(UNDER_FIVE_YEARS), age_below_days=years(ADULT_YEARS),
    ),
    Rule(
        "timbang", "imunisasi", "timbang balita, {age}",
        words=("timbang", "nimbang", "vitamin a", "posyandu"),
        age_below_days=years(UNDER_FIVE_YEARS),
    ),
    Rule(
        "imunisasi-jadwal", "imunisasi", "jadwal imunisasi {due}", immunisation_due=True,
        quiet=True, age_below_days=years(2),
    ),
    Rule("gizi", "gizi", "keluhan gizi", words=_NUTRITION),
    Rule(
        "laboratorium", "laboratorium", "permintaan laboratorium",
        words=("cek lab", "hasil lab", "periksa lab", "ambil lab", "laboratorium", "laborat",
               "cek darah lab", "cek darah lengkap", "tes urin", "golongan darah"),
    ),
    Rule(
        "farmasi", "farmasi", "mengambil resep",
        words=("tebus resep", "tebus obat", "ambil resep", "nebus obat", "nebus resep"),
    ),
    Rule(
        "prolanis-lansia", "lansia", "peserta Prolanis, {age}", programmes=("prolanis",),
        words=_CHRONIC, quiet=True, age_from_days=years(ELDERLY_YEARS),
    ),
    Rule(
        "prolanis", "umum", "peserta Prolanis, {age}", programmes=("prolanis",),
        words=_CHRONIC, quiet=True, age_from_days=years(ADULT_YEARS),
        age_below_days=years(ELDERLY_YEARS),
    ),
    Rule("mtbs", "mtbs", "usia {age}", age_below_days=years(UNDER_FIVE_YEARS)),
    Rule(
        "anak-remaja", "umum", "usia {age}",
        age_from_days=years(UNDER_FIVE_YEARS), age_below_days=years(ADULT_YEARS),
    ),
    Rule(
        "dewasa", "umum", "usia {age}",
        age_from_days=years(ADULT_YEARS), age_below_days=years(ELDERLY_YEARS),
    ),
    Rule("lansia", "lansia", "usia {age}", age_from_days=years(ELDERLY_YEARS)),
)  # fmt: skip

#: Beside each rule, who must find it and who must not; one patient a line, as on the head's page.
_CASES: dict[str, str] = {
    "ugd-tanda": "40 L gawat | batuk\n! 40 L | batuk",
    "ugd-keluhan": "45 L | sesak napas\n2 P | kejang\n! 35 L | batuk, tidak sesak",
    "ugd-lansia": "84 P | jatuh di kamar mandi\n70 L | kepleset\n! 40 P | jatuh terpeleset kemarin",
    "gigi": "25 P | sakit gigi\n40 P | waja loro\n! 2 L | tumbuh gigi panas",
    "tb": "45 L | batuk 3 minggu\n23 P | kontak TB serumah\n! 45 L | batuk 3 hari",
    "tb-anak": "4 L | flek\n! 28 P | keluar flek",
    "tb-program": "40 L tb | kontrol\n! 40 L | kontrol",
    "persalinan": "28 P hamil | kenceng-kenceng\n! 30 L | kontraksi otot",
    "pesanan": "30 P pesan=gigi | kontrol\n! 30 P | kontrol",
    "kia-status": "28 P hamil | batuk pilek\n! 40 L hamil | pusing",
    "kb": "30 P | suntik KB\n! 30 L | kb",
    "kia-keluhan": "22 P | telat haid\n24 P | telat 2 bulan\n! 24 P | telat minum obat 9 hari\n"
    "! 28 P | tidak hamil, pusing",
    "kb-program": "30 P kb | kontrol\n! 30 P kb | batuk pilek",
    "imunisasi": "9b P | imunisasi campak\n! 1 P | panas habis imunisasi",
    "bias": "7 L | BIAS\n! 30 P | gatal, bias sembuh sendiri",
    "timbang": "2 P | timbang\n! 40 P | timbang badan",
    "imunisasi-jadwal": "9b L jadwal=9 bulan | kontrol\n! 9b L jadwal=9 bulan | panas",
    "gizi": "3 P | gizi buruk",
    "laboratorium": "45 P | cek lab",
    "farmasi": "45 P | tebus resep",
    "prolanis-lansia": "67 L prolanis | kontrol gula\n! 67 L prolanis | gatal",
    "prolanis": "50 P prolanis | kontrol tensi\n! 50 P prolanis | gatal",
    "mtbs": "3 L | mencret\n6b P | panas",
    "anak-remaja": "12 L | demam 2 hari",
    "dewasa": "39 P | batuk pilek\n18 L | surat sehat",
    "lansia": "67 L | kontrol darah tinggi",
}

NATIONAL_RULES: tuple[Rule, ...] = tuple(
    replace(rule, cases=read_cases(_CASES[rule.code])) for rule in _RULES
)
