"""The drawings: well-formed, told in words, without colour alone, nothing a page policy refuses."""

import re
import xml.etree.ElementTree as ET

import pytest

from simpul.planning.charts.bars import Answer, HaveStandard, bars_have_standard, bars_n_percent
from simpul.planning.charts.lorenz import Curve, lorenz_chart
from simpul.planning.charts.pyramid import Step, pyramid
from simpul.planning.charts.svg import Chart

SVG = "{http://www.w3.org/2000/svg}"
NAUGHTY = '<script>alert(1)</script> & "kutip"'


def drawn(svg: str) -> ET.Element:
    """Read a drawing of our own; the parser refuses what is not well-formed."""
    return ET.fromstring(svg)  # noqa: S314


def drawings(name: str = "Puskesmas Ambulu") -> list[Chart]:
    return [
        bars_have_standard(
            [
                HaveStandard(name, 5, 7),
                HaveStandard("Bidan", 4, 4),
                HaveStandard("Gizi", 3, 1),
                HaveStandard("Farmasi", None, 1),
            ],
            key="ada",
            title="Ada dan standar",
        ),
        bars_n_percent(
            [Answer(name, 11, "17,46 %"), Answer("belum diisi", 2, "3,17 %", is_missing=True)],
            key="isi",
            title="Pendidikan",
            total=63,
        ),
        pyramid(
            [Step("0–<5", 3, 4), Step("5–<10", 0, 0), Step("≥10", 5, 2, 1)],
            key="piramida",
            title="Masa kerja",
            left="ASN",
            right="Bukan ASN",
            unit="tahun",
        ),
        lorenz_chart(
            [Curve("Penduduk, Gini 0,25", [(0, 0), (0.5, 0.25), (1, 1)])],
            key="lorenz",
            title="Kurva Lorenz",
            across="bagian penduduk (%)",
        ),
    ]


@pytest.mark.parametrize("name", ["Puskesmas Ambulu", NAUGHTY, "nama " * 30, ""])
def test_each_is_well_formed_and_says_what_it_shows(name: str) -> None:
    for chart in drawings(name):
        root = drawn(chart.svg)
        assert root.get("role") == "img"
        named = (root.get("aria-labelledby") or "").split()
        ids = {element.get("id") for element in root.iter() if element.get("id")}
        assert set(named) <= ids
        assert root.findtext(f"{SVG}title") == chart.title
        assert root.findtext(f"{SVG}desc")
        assert not list(root.iter(f"{SVG}script"))


def test_nothing_in_them_is_refused_by_the_page_policy() -> None:
    for chart in drawings():
        assert "style=" not in chart.svg
        assert "<style" not in chart.svg
        assert not re.search(r"\bon\w+=", chart.svg)
        assert "http" not in chart.svg.replace("http://www.w3.org/2000/svg", "")


def test_the_table_holds_every_figure() -> None:
    for chart in drawings():
        assert all(len(row) == len(chart.head) for row in chart.rows)
    bars, answers, steps, curve = drawings()
    assert bars.rows[0] == ("Puskesmas Ambulu", "5", "7", "▼ kurang 2")
    assert bars.rows[3] == ("Farmasi", "–", "1", "▨ tanpa data")
    assert answers.rows[1] == ("belum diisi", "2", "3,17 %")
    assert steps.head == ("tahun", "ASN", "Bukan ASN", "status belum diisi")
    assert steps.rows[2] == ("≥10", "5", "2", "1")
    assert curve.rows[3] == ("60 %", "40,0 %")


def test_shortage_and_surplus_differ_by_sign_and_word() -> None:
    said = [row[-1] for row in drawings()[0].rows]
    assert said == ["▼ kurang 2", "■ sesuai", "▲ lebih 2", "▨ tanpa data"]


def test_sides_and_missing_differ_by_pattern() -> None:
    bars, answers, steps, _curve = drawings()
    assert "url(#ada-lines)" in bars.svg
    assert "url(#isi-dots)" in answers.svg
    assert "url(#piramida-back)" in steps.svg


def test_without_unknown_status_the_column_is_not_there() -> None:
    chart = pyramid(
        [Step("0–<5", 1, 1)], key="k", title="t", left="ASN", right="Bukan", unit="tahun"
    )
    assert chart.head == ("tahun", "ASN", "Bukan")
    assert chart.rows == (("0–<5", "1", "1"),)


def test_empty_figures_draw_an_empty_frame() -> None:
    drawn(bars_have_standard([], key="a", title="t").svg)
    drawn(bars_n_percent([], key="b", title="t", total=0).svg)
    drawn(pyramid([], key="c", title="t", left="l", right="r", unit="u").svg)
    drawn(lorenz_chart([], key="d", title="t", across="x").svg)


def test_long_names_are_broken_not_cut() -> None:
    name = "Tenaga Teknologi Laboratorium Medik Puskesmas Perawatan"
    chart = bars_n_percent([Answer(name, 1, "100 %")], key="k", title="t", total=1)
    shown = "".join(element.text or "" for element in drawn(chart.svg).iter(f"{SVG}text"))
    assert "".join(name.split()) in "".join(shown.split())
