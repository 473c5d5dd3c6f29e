"""A small district for the journeys of planning, beside the house of `seed`; a program of its own.

Six Puskesmas with staff and points, two kecamatan, two villages with people, one name unmatched.
"""

import django

from tests.journeys.seed import PASSWORD


def main() -> None:
    """Make the officer of the Dinas, the district, its outlines and its people."""
    django.setup()
    from simpul.foundation.administration.services import NewAccount, open_account
    from simpul.foundation.facilities.selectors import get_here
    from simpul.foundation.staff.selectors import get_actor
    from simpul.planning.maps.geojson import read_outlines
    from simpul.planning.maps.populations import read_populations
    from simpul.planning.maps.services import import_populations, import_regions
    from tests.planning.district import make_district
    from tests.planning.maps.conftest import collection, square

    account = open_account(
        NewAccount(
            name="Endang Susilowati", username="dinas", password=PASSWORD, roles=("petugas_dinas",)
        )
    )
    officer = get_actor(account.id)
    assert officer is not None
    make_district(get_here(), officer)
    outlines = collection(
        ({"code": "35.09.01", "name": "Kecamatan Utara"}, square(113.5, -8.2, 0.15)),
        ({"code": "35.09.02", "name": "Kecamatan Selatan"}, square(113.5, -8.35, 0.15)),
        ({"code": "35.09.01.2001", "name": "Dekat"}, square(113.58, -8.12, 0.04)),
        ({"code": "35.09.02.2001", "name": "Jauh Sekali"}, square(113.9, -8.4, 0.04)),
    )
    import_regions(read_outlines(outlines).outlines, by=officer, source="karangan")
    people = b"kode,desa,penduduk\n35.09.01.2001,Dekat,4000\n,Jauh Sekalih,900\n"
    import_populations(
        read_populations(people, "desa.csv", year=2025).rows, by=officer, source="karangan"
    )


if __name__ == "__main__":
    main()
