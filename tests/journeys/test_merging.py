"""The record officer joins two records with the keyboard alone, and takes it back."""

from playwright.sync_api import expect

from tests.journeys.stored import one_id, rows

OF = "SELECT id FROM patients_patient WHERE name = ? AND birth_date = ?"
MERGED = "SELECT name FROM patients_patient WHERE merged_into_id IS NOT NULL"


def test_three_columns_with_keys(sit_down, site, inspection):
    first = one_id(site.folder, OF, "SLAMET RIYADI", "1975-03-03")
    second = one_id(site.folder, OF, "SLAMET RIADI", "1976-04-04")
    person = sit_down("rekam")
    page = person.page

    person.open("/perlu-diperiksa")
    inspection.look(page, "perlu-diperiksa kosong", sizes=((1366, 768),))
    person.open("/duplikat")
    inspection.look(page, "duplikat", sizes=((1366, 768),))
    person.open(f"/duplikat/{first}/{second}")
    expect(person.at("duplikat-banding")).to_be_focused()
    inspection.look(page, "banding", at_foot=True)

    # The mother's name of the second: the middle column follows the choice.
    line = person.at("duplikat-isian").filter(has_text="Nama ibu")
    expect(line.locator(".merge-result")).to_have_text("PARTINI", use_inner_text=True)
    line.locator("input[value=first]").focus()
    page.keyboard.press("ArrowRight")
    expect(line.locator(".merge-result")).to_have_text("SUKINEM", use_inner_text=True)

    page.keyboard.press("g")
    expect(person.at("duplikat-digabung")).to_be_visible()
    assert rows(site.folder, MERGED) == [("SLAMET RIADI",)]

    person.open("/penggabungan")
    inspection.look(page, "penggabungan", sizes=((1366, 768),))
    person.at("penggabungan-urungkan").focus()
    page.keyboard.press("Enter")
    expect(person.at("penggabungan-diurungkan")).to_be_visible()
    assert rows(site.folder, MERGED) == []


def test_letters_do_nothing_outside_their_part(sit_down, site):
    first = one_id(site.folder, OF, "SLAMET RIYADI", "1975-03-03")
    second = one_id(site.folder, OF, "SLAMET RIADI", "1976-04-04")
    person = sit_down("rekam")
    person.open(f"/duplikat/{first}/{second}")
    person.at("duplikat-pilih").focus()
    person.page.keyboard.press("g")
    person.page.keyboard.press("b")
    person.page.wait_for_timeout(200)
    assert person.page.url.endswith(f"/duplikat/{first}/{second}")
    assert rows(site.folder, MERGED) == []
