"""Which age of the national immunisation schedule has come and has no visit yet.

Schedule of routine immunisation as in the technical guide of integrated primary care (Kepmenkes
HK.01.07/MENKES/2015/2023): at birth, 1, 2, 3, 4, 9, 12 and 18 months. Japanese encephalitis at 10
months is given in endemic areas only and is not counted here.
"""

#: Age in days at which each is due, and its name.
SCHEDULE: tuple[tuple[int, str], ...] = (
    (0, "baru lahir"),
    (30, "1 bulan"),
    (61, "2 bulan"),
    (91, "3 bulan"),
    (122, "4 bulan"),
    (274, "9 bulan"),
    (365, "12 bulan"),
    (548, "18 bulan"),
)
#: From two years on a missed immunisation is looked for by a person, not by age.
UNTIL_DAYS = 731
#: A child is brought on the market day before as well as after.
EARLY_DAYS = 3


def due_immunisation(age_days: int, last_visit_age_days: int | None = None) -> str:
    """Return the name of the age that is due, or "" when none is.

    `last_visit_age_days` is the age at the last immunisation visit, None when there was none.
    """
    if not 0 <= age_days < UNTIL_DAYS:
        return ""
    reached = [step for step in SCHEDULE if step[0] - EARLY_DAYS <= age_days]
    due_from, name = reached[-1]
    if last_visit_age_days is not None and last_visit_age_days >= due_from - EARLY_DAYS:
        return ""
    return name
