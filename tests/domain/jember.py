"""The twelve Puskesmas of the Jember study (Dewanto et al., Tables III to V): staff of 2013."""

from simpul.domain.gap import FacilityStaff

#: The order of the study's columns A to I.
PROFESSIONS = (
    "dokter", "kesmas", "dokter_gigi", "perawat", "bidan", "gizi", "atlm", "farmasi", "kesling",
)  # fmt: skip

#: Table IV: name, category, people; then have − standard per profession, net, short, filled %.
STUDY: dict[str, tuple[str, tuple[int, ...], tuple[int, ...], int, int, int]] = {
    "Kaliwates": (
        "perkotaan", (3, 0, 1, 18, 12, 0, 0, 1, 1), (0, -1, 0, 6, 8, -1, -1, 0, -1), 10, 4, 85,
    ),
    "Mangli": (
        "perkotaan", (1, 0, 1, 11, 9, 1, 0, 2, 0), (-2, -1, 0, -1, 5, 0, -1, 1, -2), -1, 7, 73,
    ),
    "Sumbersari": (
        "perkotaan", (4, 0, 1, 20, 13, 0, 0, 1, 1), (1, -1, 0, 8, 9, -1, -1, 0, -1), 14, 4, 85,
    ),
    "Gladak Pakem": (
        "perkotaan", (1, 0, 1, 11, 10, 1, 0, 0, 0), (-2, -1, 0, -1, 6, 0, -1, -1, -2), -2, 8, 69,
    ),
    "Tembokrejo": (
        "pedesaan", (1, 0, 2, 6, 11, 0, 0, 0, 0), (-1, -1, 1, -1, 7, -1, -1, -1, -2), 0, 8, 60,
    ),
    "Jombang": (
        "pedesaan", (1, 0, 0, 10, 13, 0, 0, 0, 1), (-1, -1, -1, 3, 9, -1, -1, -1, -1), 5, 7, 65,
    ),
    "Cakru": (
        "pedesaan", (0, 0, 0, 14, 11, 0, 0, 0, 0), (-2, -1, -1, 7, 7, -1, -1, -1, -2), 5, 9, 55,
    ),
    "Ambulu": (
        "pedesaan", (3, 1, 1, 25, 21, 0, 0, 1, 1), (1, 0, 0, 18, 17, -1, -1, 0, -1), 33, 3, 85,
    ),
    "Sabrang": (
        "pedesaan", (1, 0, 0, 13, 12, 0, 0, 0, 0), (-1, -1, -1, 6, 8, -1, -1, -1, -2), 6, 8, 60,
    ),
    "Curahnongko": (
        "pedesaan", (1, 0, 0, 10, 10, 0, 0, 0, 0), (-1, -1, -1, 3, 6, -1, -1, -1, -2), 1, 8, 60,
    ),
    "Jenggawah": (
        "pedesaan", (1, 0, 1, 12, 13, 1, 0, 1, 0), (-1, -1, 0, 5, 9, 0, -1, 0, -2), 9, 5, 75,
    ),
    "Paleran": (
        "pedesaan", (1, 0, 0, 9, 13, 0, 0, 0, 0), (-1, -1, -1, 2, 9, -1, -1, -1, -2), 3, 8, 60,
    ),
}  # fmt: skip


def facilities() -> list[FacilityStaff]:
    """The twelve with one Pustu and one village each, as the study holds the multipliers."""
    return [
        FacilityStaff(
            name,
            category,
            dict(zip(PROFESSIONS, people, strict=True)),
            pustu=1,
            villages=1,
        )
        for name, (category, people, *_printed) in STUDY.items()
    ]
