"""The Puskesmas of Kabupaten Jember: names, villages, points; and the staff of twelve in 2013.

Names and points are public facts (read off map links, about 11 m; never checked on the ground). The
staff of the twelve is Tabel IV of Dewanto, Yuana and Rahmah, "Analisis dan Pemetaan Tenaga
Kesehatan pada Puskesmas di Kabupaten Jember" (year 2013), whose spellings of three names differ
(Summersari, Gladak Pakem). Everything else the demo says of these places is made up and marked so.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One Puskesmas: its name, the desa its point lies in (Kemendagri code), the point."""

    name: str
    village_code: str
    lat: float
    lon: float
    #: `point`, `approximate` (the link's view was wide) or `village-centre`.
    quality: str = "point"


PUSKESMAS: tuple[Place, ...] = (
    Place("Jombang", "35.09.01.2001", -8.2289, 113.3176),
    Place("Cakru", "35.09.02.2001", -8.286, 113.336),
    Place("Kencong", "35.09.02.2005", -8.2835, 113.3807),
    Place("Rowotengah", "35.09.03.2006", -8.1706, 113.3851),
    Place("Sumberbaru", "35.09.03.2005", -8.1189, 113.3935),
    Place("Gumukmas", "35.09.04.2004", -8.318, 113.4168),
    Place("Tembokrejo", "35.09.04.2005", -8.2756, 113.4314),
    Place("Paleran", "35.09.05.2009", -8.2281, 113.4908),
    Place("Umbulsari", "35.09.05.2006", -8.2601, 113.4486),
    Place("Klatakan", "35.09.06.2008", -8.1876, 113.4894),
    Place("Tanggul", "35.09.06.2001", -8.1545, 113.4359),
    Place("Semboro", "35.09.07.2005", -8.2132, 113.4604),
    Place("Kasiyan", "35.09.08.2006", -8.3159, 113.4671, "village-centre"),
    Place("Puger", "35.09.08.2004", -8.3666, 113.4702, "village-centre"),
    Place("Bangsalsari", "35.09.09.2002", -8.2005, 113.5195, "approximate"),
    Place("Sukorejo", "35.09.09.2006", -8.2236, 113.5296),
    Place("Balung", "35.09.10.2005", -8.2657, 113.5432),
    Place("Karangduren", "35.09.10.2001", -8.2701, 113.4904),
    Place("Lojejer", "35.09.11.2001", -8.3638, 113.502),
    Place("Wuluhan", "35.09.11.2004", -8.3379, 113.5523),
    Place("Ambulu", "35.09.12.2004", -8.3483, 113.6082),
    Place("Andongsari", "35.09.12.2006", -8.3677, 113.6523),
    Place("Sabrang", "35.09.12.2002", -8.382, 113.597),
    Place("Nogosari", "35.09.13.2001", -8.2601, 113.5696),
    Place("Rambipuji", "35.09.13.2006", -8.2105, 113.6045),
    Place("Panti", "35.09.14.2003", -8.1668, 113.6261),
    Place("Sukorambi", "35.09.15.2003", -8.159, 113.6661),
    Place("Jenggawah", "35.09.16.2003", -8.2658, 113.6486),
    Place("Kemuningsari Kidul", "35.09.16.2004", -8.2942, 113.6285),
    Place("Ajung", "35.09.17.2005", -8.2331, 113.6561),
    Place("Curahnongko", "35.09.18.2006", -8.3971, 113.7326),
    Place("Tempurejo", "35.09.18.2002", -8.299, 113.6832),
    Place("Jember Kidul", "35.09.19.1005", -8.1814, 113.692),
    Place("Kaliwates", "35.09.19.1007", -8.2054, 113.6976),
    Place("Mangli", "35.09.19.1001", -8.195, 113.6522),
    Place("Banjarsengon", "35.09.20.1001", -8.141, 113.68),
    Place("Patrang", "35.09.20.1003", -8.1673, 113.6886),
    Place("Gladakpakem", "35.09.21.1003", -8.2101, 113.6957),
    Place("Sumbersari", "35.09.21.1002", -8.1788, 113.7067),
    Place("Arjasa", "35.09.22.2004", -8.0957, 113.7554),
    Place("Mumbulsari", "35.09.23.2006", -8.2574, 113.7459),
    Place("Pakusari", "35.09.24.2007", -8.1772, 113.7784),
    Place("Jelbuk", "35.09.25.2004", -8.0804, 113.7601),
    Place("Mayang", "35.09.26.2002", -8.1791, 113.7998),
    Place("Kalisat", "35.09.27.2007", -8.1284, 113.8119),
    Place("Ledokombo", "35.09.28.2007", -8.1349, 113.8732),
    Place("Sukowono", "35.09.29.2004", -8.0562, 113.8288),
    Place("Silo I", "35.09.30.2001", -8.1966, 113.8586, "village-centre"),
    Place("Silo II", "35.09.30.2004", -8.2318, 113.8506),
    Place("Sumberjambe", "35.09.31.2005", -8.1004, 113.8946),
)  # fmt: skip

#: The professions of the study, in its order: dokter, SKM, dokter gigi, perawat, bidan, akademi
#: gizi, analis laboratorium, asisten apoteker, sanitarian.
STUDY_PROFESSIONS = (
    "dokter", "kesmas", "dokter_gigi", "perawat", "bidan", "gizi", "atlm", "farmasi", "kesling",
)  # fmt: skip
STUDY_YEAR = 2013
STUDY_STAFF: dict[str, tuple[int, ...]] = {
    "Kaliwates": (3, 0, 1, 18, 12, 0, 0, 1, 1),
    "Mangli": (1, 0, 1, 11, 9, 1, 0, 2, 0),
    "Sumbersari": (4, 0, 1, 20, 13, 0, 0, 1, 1),
    "Gladakpakem": (1, 0, 1, 11, 10, 1, 0, 0, 0),
    "Tembokrejo": (1, 0, 2, 6, 11, 0, 0, 0, 0),
    "Jombang": (1, 0, 0, 10, 13, 0, 0, 0, 1),
    "Cakru": (0, 0, 0, 14, 11, 0, 0, 0, 0),
    "Ambulu": (3, 1, 1, 25, 21, 0, 0, 1, 1),
    "Sabrang": (1, 0, 0, 13, 12, 0, 0, 0, 0),
    "Curahnongko": (1, 0, 0, 10, 10, 0, 0, 0, 0),
    "Jenggawah": (1, 0, 1, 12, 13, 1, 0, 1, 0),
    "Paleran": (1, 0, 0, 9, 13, 0, 0, 0, 0),
}
#: What the study calls urban: the three kecamatan of the town.
URBAN_DISTRICTS = frozenset({"35.09.19", "35.09.20", "35.09.21"})
#: People in the regency in 2013 (Jember Dalam Angka 2014, as the study quotes it).
POPULATION = 2_332_726
#: Desa and kelurahan of each kecamatan; 248 together.
VILLAGES: dict[str, int] = {
    "35.09.01": 6, "35.09.02": 5, "35.09.03": 10, "35.09.04": 8, "35.09.05": 10,
    "35.09.06": 8, "35.09.07": 6, "35.09.08": 12, "35.09.09": 11, "35.09.10": 8,
    "35.09.11": 7, "35.09.12": 7, "35.09.13": 8, "35.09.14": 7, "35.09.15": 5,
    "35.09.16": 8, "35.09.17": 7, "35.09.18": 8, "35.09.19": 7, "35.09.20": 8,
    "35.09.21": 7, "35.09.22": 6, "35.09.23": 7, "35.09.24": 7, "35.09.25": 6,
    "35.09.26": 7, "35.09.27": 12, "35.09.28": 10, "35.09.29": 12, "35.09.30": 9,
    "35.09.31": 9,
}  # fmt: skip
