"""Note templates: one word after a slash fills the four boxes S, O, A and P.

Written by us in the short style of a Puskesmas note. A template is a start that the clinician must
edit: "…" marks what only the patient can tell, and the screen keeps the note marked as a template
until it is edited. Doses are left to the prescription. The text is content of a record, not of the
screen, so it is not translated.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SoapTemplate:
    """The four parts of a note, the word that calls it, and the codes it usually ends with."""

    word: str
    title: str
    subjective: str
    objective: str
    assessment: str
    plan: str
    codes: tuple[str, ...]


NORMAL_EXAM = (
    "KU baik, compos mentis. Konjungtiva tidak anemis, sklera tidak ikterik. "
    "Cor: S1-S2 reguler, bising (-). Pulmo: vesikuler +/+, ronki -/-, wheezing -/-. "
    "Abdomen: supel, bising usus normal, nyeri tekan (-). Akral hangat, edema (-)."
)
COME_BACK = "Kembali bila keluhan memberat atau tidak membaik dalam 3 hari."

TEMPLATES = (
    SoapTemplate(
        "isp",
        "ISPA, pemeriksaan umum normal",
        "Batuk pilek sejak … hari, dahak (…), demam (…). Sesak (-). Nafsu makan baik. "
        "Kontak batuk lama (-).",
        "KU baik, compos mentis. Faring hiperemis ringan, tonsil T1/T1, sekret hidung jernih. "
        "Pulmo: vesikuler +/+, ronki -/-, wheezing -/-. Retraksi (-).",
        "Infeksi saluran pernapasan atas akut.",
        "Obat sesuai gejala. Edukasi: istirahat, minum cukup, etika batuk, masker di rumah. "
        + COME_BACK,
        ("J06.9",),
    ),
    SoapTemplate(
        "ht",
        "Hipertensi, kontrol",
        "Kontrol tekanan darah, pusing (…), tengkuk kaku (…). Nyeri dada (-), sesak (-), kelemahan "
        "separuh badan (-). Minum obat teratur (…). Mengurangi garam (…).",
        NORMAL_EXAM + " Lingkar perut … cm.",
        "Hipertensi esensial, terkontrol/belum terkontrol.",
        "Lanjutkan/sesuaikan obat antihipertensi. Edukasi: kurangi garam, jalan kaki 30 menit, "
        "berhenti merokok, obat diminum tiap hari. Kontrol 1 bulan. Ikut Prolanis.",
        ("I10",),
    ),
    SoapTemplate(
        "dm",
        "Diabetes melitus tipe 2, kontrol",
        "Kontrol gula darah. Sering kencing (…), haus (…), kesemutan kaki (…). Luka kaki (-). "
        "Pernah lemas berkeringat dingin (-). Obat teratur (…).",
        NORMAL_EXAM + " Kaki: luka (-), pulsasi dorsalis pedis +/+, rasa raba baik. "
        "GDP/GDS … mg/dL.",
        "Diabetes melitus tipe 2, gula darah terkontrol/belum terkontrol.",
        "Lanjutkan/sesuaikan obat. Edukasi 3J (jumlah, jenis, jadwal makan), perawatan kaki, tanda "
        "gula turun. Periksa HbA1c tiap 3–6 bulan. Kontrol 1 bulan.",
        ("E11.9",),
    ),
    SoapTemplate(
        "gea",
        "Gastroenteritis akut",
        "BAB cair … kali/hari sejak … hari, lendir (-), darah (-). Muntah (…), demam (…). Masih "
        "mau minum. Kencing terakhir … jam lalu.",
        "KU tampak lemas ringan, compos mentis. Mata cekung (-), bibir basah, turgor kembali "
        "cepat. "
        "Abdomen supel, bising usus meningkat, nyeri tekan (-).",
        "Gastroenteritis akut tanpa/dengan dehidrasi ringan-sedang.",
        "Oralit tiap BAB cair; zink 10 hari untuk anak. Makan tetap diberikan. Edukasi cuci tangan "
        "dan tanda bahaya (tidak mau minum, lemas sekali, berak darah).",
        ("A09.9",),
    ),
    SoapTemplate(
        "gastritis",
        "Gastritis dan dispepsia",
        "Nyeri ulu hati sejak … hari, mual (…), muntah (-), kembung (…). Telat makan (…). BAB "
        "hitam (-). Minum obat nyeri atau jamu (…).",
        "KU baik. Konjungtiva tidak anemis. Abdomen supel, nyeri tekan epigastrium (+), defans "
        "(-), "
        "bising usus normal.",
        "Gastritis/dispepsia, tanpa tanda bahaya.",
        "Obat lambung. Edukasi: makan teratur porsi kecil, kurangi pedas, asam, dan kopi. "
        + COME_BACK,
        ("K29.7", "K30"),
    ),
    SoapTemplate(
        "myalgia",
        "Mialgia, pegal linu",
        "Pegal linu di … sejak … hari, setelah bekerja berat (…). Demam (-), kesemutan (-), "
        "jatuh (-).",
        "KU baik. Nyeri tekan otot … (+), bengkak (-), merah (-). Gerak sendi penuh, kekuatan "
        "5/5, Lasegue -/-.",
        "Mialgia.",
        "Obat nyeri bila perlu. Kompres hangat, peregangan, cara mengangkat beban. " + COME_BACK,
        ("M79.1",),
    ),
    SoapTemplate(
        "dermatitis",
        "Dermatitis, gatal kulit",
        "Gatal di … sejak … hari, setelah kontak dengan … . Gatal malam (-), serumah gatal (-). "
        "Riwayat alergi/asma (…).",
        "Regio …: makula eritem, papul, skuama tipis, batas tidak tegas; ekskoriasi (…), pus (-). "
        "Terowongan di sela jari (-).",
        "Dermatitis … .",
        "Obat oles dan antigatal. Hindari pencetus, jangan digaruk, mandi sabun lembut, pelembap. "
        "Kontrol 1 minggu.",
        ("L30.9",),
    ),
    SoapTemplate(
        "anc",
        "Pemeriksaan kehamilan normal",
        "G… P… A…, HPHT …, UK … minggu. Mual (…), pusing (-), pandangan kabur (-), bengkak (-), "
        "perdarahan (-), keluar air (-). Gerak janin aktif. Tablet tambah darah rutin (…).",
        "KU baik. LILA … cm. TFU … cm, letak …, punggung …, bagian bawah …, DJJ … x/menit. Edema "
        "tungkai -/-. Hb … g/dL, protein urin (-).",
        "G… P… A… UK … minggu, janin tunggal hidup, kehamilan normal.",
        "Tablet tambah darah dan kalsium. Edukasi buku KIA, tanda bahaya, gizi, P4K. Kunjungan "
        "berikutnya … . USG dokter di trimester 1 dan 3.",
        ("Z34.9",),
    ),
    SoapTemplate(
        "gigi",
        "Sakit gigi berlubang",
        "Gigi … sakit sejak … hari, berdenyut (…), ngilu minum dingin (…), sakit malam (…). "
        "Bengkak (-). Darah tinggi/gula/alergi obat (…).",
        "EO: wajah simetris, bengkak (-). IO gigi …: karies profunda, sondasi (…), perkusi (…), "
        "tekan (…), CE (…), goyang (-). Karang gigi (…).",
        "Gigi … pulpitis/nekrosis pulpa.",
        "Tumpat sementara/perawatan saluran akar/pencabutan setelah radang reda. Edukasi sikat "
        "gigi "
        "pagi dan malam. Kontrol 1 minggu.",
        ("K04.0", "K04.1"),
    ),
    SoapTemplate(
        "mtbs",
        "Balita sakit (MTBS)",
        "Keluhan: … sejak … hari. Tanda bahaya umum: tidak bisa minum (-), muntah semua (-), "
        "kejang "
        "(-), letargis (-). Batuk (…), diare (…), demam (…), telinga (…). Imunisasi … .",
        "KU aktif. Napas … x/menit, tarikan dinding dada (-), stridor (-). Mata cekung (-), turgor "
        "baik. Ruam (-). BB/TB … SD. Telapak tangan pucat (-).",
        "Klasifikasi MTBS: … (hijau/kuning/merah).",
        "Tindakan sesuai klasifikasi. Konseling ibu: makan dan minum, cara memberi obat, tanda "
        "harus "
        "segera kembali. Kunjungan ulang 2–5 hari.",
        ("J06.9",),
    ),
    SoapTemplate(
        "imunisasi",
        "Imunisasi bayi dan anak",
        "Datang untuk imunisasi … . Demam (-), batuk (-). Reaksi imunisasi lalu (-). Kejang (-).",
        "KU baik, aktif. BB … kg, PB … cm, suhu … °C. Bekas suntik lalu tenang.",
        "Bayi/anak sehat, imunisasi … sesuai jadwal.",
        "Diberikan … dosis …, nomor batch …, di … . Amati 30 menit, KIPI (-). Edukasi demam ringan "
        "setelah suntik. Jadwal berikutnya … .",
        ("Z26.9",),
    ),
    SoapTemplate(
        "kb",
        "Pelayanan KB",
        "Akseptor KB …, datang untuk suntik/kontrol ulang. Haid terakhir …, keputihan (-), sakit "
        "kepala berat (-), perdarahan (-). Anak … .",
        "KU baik. Payudara: benjolan (-). Abdomen supel. Varises (-). Bekas pemasangan tenang.",
        "Akseptor KB … .",
        "Pelayanan KB sesuai pilihan setelah konseling dan persetujuan. Kunjungan ulang tanggal "
        "… .",
        ("Z30.4",),
    ),
    SoapTemplate(
        "nifas",
        "Kontrol nifas",
        "P… A…, nifas hari ke-… . ASI lancar (…), demam (-), perdarahan banyak (-), luka nyeri "
        "(…). "
        "Perasaan sedih terus (-).",
        "KU baik. Payudara bengkak (-), puting lecet (-). TFU … jari di bawah pusat, kontraksi "
        "baik. "
        "Lokia …, luka perineum kering. Edema (-).",
        "Nifas hari ke-…, normal.",
        "Tablet tambah darah, vitamin A. Edukasi ASI eksklusif, kebersihan, tanda bahaya, KB pasca "
        "salin. Kunjungan KF berikutnya … .",
        ("Z39.2",),
    ),
    SoapTemplate(
        "partus",
        "Persalinan normal",
        "G… P… A… UK … minggu, kenceng-kenceng sejak jam …, lendir darah (+), ketuban (…). Gerak "
        "janin aktif.",
        "KU baik. TFU … cm, letak kepala, DJJ … x/menit, his …x/10 menit. VT: pembukaan … cm, "
        "ketuban …, Hodge … .",
        "G… P… A… inpartu kala …, janin tunggal hidup.",
        "Pantau dengan partograf, asuhan sayang ibu, siap alat dan resusitasi bayi. APN, IMD, "
        "manajemen aktif kala III, pantau kala IV 2 jam.",
        ("O80.9",),
    ),
    SoapTemplate(
        "tb",
        "Terduga atau pengobatan TB",
        "Batuk … minggu, dahak (…), darah (…), keringat malam (…), BB turun (…). Kontak TB serumah "
        "(…). Obat bulan ke-…, mual (…), kuning (-).",
        "KU sedang. BB … kg. Pulmo: vesikuler +/+, ronki …, kelenjar leher (-). Hasil TCM: … .",
        "Terduga TB/TB paru dalam pengobatan bulan ke-… .",
        "TCM dahak/lanjut OAT sesuai paduan. PMO …, masker, ventilasi rumah, skrining kontak "
        "serumah, tes HIV dan gula darah.",
        ("A16.2", "Z11.1"),
    ),
    SoapTemplate(
        "luka",
        "Luka terbuka",
        "Luka di … karena … sejak … jam. Pingsan (-), muntah (-). Imunisasi tetanus terakhir … .",
        "KU baik. Regio …: luka … cm x … cm, dasar …, tepi rata/tidak rata, kotor (…), perdarahan "
        "aktif (…). Gerak dan rasa bagian ujung baik.",
        "Luka terbuka … .",
        "Cuci luka NaCl, jahit … simpul dengan anestesi lokal setelah persetujuan, balut. Td "
        "sesuai "
        "status. Ganti balut 2–3 hari, angkat jahitan hari ke-… .",
        ("T14.1",),
    ),
    SoapTemplate(
        "febris",
        "Demam tanpa fokus",
        "Demam … hari, naik turun (…), menggigil (…), pusing (…), mual (…). Mimisan (-), bintik "
        "merah (-). Tetangga DBD (…). BAK terakhir … .",
        "KU lemas ringan. Suhu … °C. Lidah kotor (…), faring tenang, petekie (-), rumple leed (…). "
        "Abdomen supel, hepar tidak teraba. Akral hangat.",
        "Demam hari ke-…, observasi.",
        "Penurun panas, minum banyak, darah lengkap bila demam ≥ 3 hari. Edukasi tanda bahaya "
        "dengue. Kontrol besok bila masih demam.",
        ("R50.9",),
    ),
    SoapTemplate(
        "vertigo",
        "Pusing berputar",
        "Pusing berputar sejak … , timbul saat ganti posisi (…), mual (…), muntah (…). Telinga "
        "berdenging (-), bicara pelo (-), lemah separuh badan (-).",
        "KU baik. Nistagmus (…), Dix-Hallpike (…). Kekuatan 5/5, wajah simetris, tes tunjuk hidung "
        "baik.",
        "Vertigo posisi jinak.",
        "Obat vertigo bila perlu, manuver Epley, latihan di rumah. Bangun perlahan, jangan naik "
        "kendaraan dahulu. " + COME_BACK,
        ("H81.1",),
    ),
    SoapTemplate(
        "isk",
        "Infeksi saluran kemih",
        "Nyeri saat kencing sejak … hari, anyang-anyangan (+), demam (-), nyeri pinggang (-). "
        "Keputihan (-). Hamil (…).",
        "KU baik. Suhu … °C. Nyeri tekan suprapubik (…), nyeri ketok CVA -/-. Urin: leukosit … .",
        "Infeksi saluran kemih tanpa komplikasi.",
        "Antibiotik sesuai panduan, minum banyak, jangan menahan kencing. Kontrol 3 hari.",
        ("N39.0",),
    ),
    SoapTemplate(
        "asma",
        "Serangan asma",
        "Sesak dan mengi sejak … jam, pencetus … . Bicara kalimat penuh (…). Serangan terakhir …, "
        "pelega dipakai … kali.",
        "KU tampak sesak ringan. Napas … x/menit, SpO2 … %. Pulmo: vesikuler +/+, wheezing +/+, "
        "retraksi (…).",
        "Asma, serangan ringan/sedang.",
        "Nebulisasi pelega, nilai ulang 20 menit, oksigen bila SpO2 < 94 %. Edukasi pencetus dan "
        "cara pakai obat hirup. Rujuk bila tidak membaik.",
        ("J45.9",),
    ),
    SoapTemplate(
        "mata",
        "Mata merah",
        "Mata … merah sejak … hari, belekan (…), gatal (…), silau (-), kabur (-). Kelilipan (-).",
        "VOD …, VOS … . Sekret … . Konjungtiva hiperemis, kornea jernih, pupil bulat, refleks "
        "cahaya "
        "+/+.",
        "Konjungtivitis.",
        "Tetes/salep mata. Cuci tangan, jangan dikucek, handuk sendiri. Kontrol 3 hari, segera "
        "bila "
        "kabur atau nyeri.",
        ("H10.9",),
    ),
    SoapTemplate(
        "gizi",
        "Konseling gizi",
        "Dirujuk untuk konseling gizi karena … . Makan … kali/hari, lauk hewani (…), sayur (…), "
        "minuman manis (…). ASI/MP-ASI … .",
        "BB … kg, TB/PB … cm, IMT … / BB/TB … SD. Edema (-). LILA … cm.",
        "Status gizi: … .",
        "Konseling gizi sesuai kebutuhan, contoh menu bahan setempat. Pantau berat badan 2 minggu. "
        "Kunjungan ulang … .",
        ("Z71.3",),
    ),
    SoapTemplate(
        "sehat",
        "Surat keterangan sehat",
        "Minta surat keterangan sehat untuk … . Keluhan (-). Riwayat penyakit dan operasi (-).",
        NORMAL_EXAM + " Visus 6/6, buta warna (-).",
        "Pemeriksaan kesehatan umum, saat ini sehat.",
        "Surat keterangan sehat diberikan, untuk keperluan … . Edukasi hidup sehat.",
        ("Z02.7",),
    ),
    SoapTemplate(
        "telinga",
        "Keluhan telinga dan hidung",
        "Keluhan di telinga/hidung … sejak … hari. Keluar cairan (-), demam (-), dikorek (…). "
        "Pendengaran turun (…).",
        "KU baik. Telinga: serumen (…), membran timpani utuh, nyeri tarik (-). Hidung: sekret (-), "
        "perdarahan aktif (-). Faring tenang.",
        "Keluhan telinga/hidung … .",
        "Tindakan sesuai temuan. Edukasi: jangan mengorek telinga atau hidung. " + COME_BACK,
        ("H61.2",),
    ),
    SoapTemplate(
        "normal",
        "Pemeriksaan umum normal",
        "Keluhan … sejak … . Demam (-), sesak (-), muntah (-). Riwayat penyakit lama (…).",
        NORMAL_EXAM,
        "…",
        "Obat sesuai gejala. Edukasi istirahat cukup, makan teratur, dan kelola pikiran. "
        + COME_BACK,
        (),
    ),
    SoapTemplate(
        "rujuk",
        "Gawat, stabilisasi dan rujuk",
        "Keluhan … mendadak sejak jam … . Riwayat darah tinggi/gula/jantung (…). Obat rutin (…).",
        "KU tampak sakit sedang-berat, GCS … . Jalan napas bebas, akral hangat, CRT < 2 detik. "
        "Pemeriksaan setempat: … .",
        "… , perlu penanganan rumah sakit.",
        "Stabilisasi ABC, oksigen, jalur infus, pantau tanda vital. Hubungi rumah sakit rujukan, "
        "persetujuan keluarga, rujuk dengan ambulans didampingi perawat.",
        (),
    ),
)

_BY_WORD = {template.word: template for template in TEMPLATES}


def list_templates(prefix: str = "") -> list[SoapTemplate]:
    """Templates whose word begins so, in alphabetical order; "/" and "" list them all."""
    start = _word(prefix)
    return sorted(
        (template for template in TEMPLATES if template.word.startswith(start)),
        key=lambda template: template.word,
    )


def get_template(word: str) -> SoapTemplate | None:
    """The template of a word, with or without its slash.

    "/ispa" finds "isp" and "/gast" finds "gastritis": a longer word and an unambiguous beginning
    both work, because nobody should have to remember how short a word was made.
    """
    typed = _word(word)
    if not typed:
        return None
    if typed in _BY_WORD:
        return _BY_WORD[typed]
    beginning = list_templates(typed)
    if len(beginning) == 1:
        return beginning[0]
    longest_first = sorted(TEMPLATES, key=lambda template: -len(template.word))
    return next((t for t in longest_first if len(t.word) > 2 and typed.startswith(t.word)), None)


def _word(text: str) -> str:
    return text.strip().removeprefix("/").casefold()
