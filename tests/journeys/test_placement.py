"""The head mends a rule: a local word tried out, drafted, in force; the counter suggests by it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import Inspection
from tests.journeys.conftest import Person

pytestmark = pytest.mark.browser
ONE = ((1366, 768),)


def test_a_local_word_becomes_a_rule(
    sit_down: Callable[..., Person], inspection: Inspection
) -> None:
    head = sit_down("kepala")
    page = head.page
    head.open("/aturan-tujuan")
    inspection.look(page, "aturan tujuan")
    head.at("aturan-tujuan-coba-keluhan").fill("tojhi sakek")
    head.at("aturan-tujuan-coba-umur").fill("40")
    head.at("aturan-tujuan-coba").click()
    expect(head.at("aturan-tujuan-hasil")).to_contain_text("dewasa")

    head.at("aturan-tujuan-gigi-ubah").click()
    inspection.look(page, "ubah aturan", sizes=ONE)
    words = head.at("aturan-kata")
    words.fill(words.input_value() + ", tojhi")
    head.at("aturan-contoh").fill("40 L | tojhi sakek\n! 40 L | batuk")
    page.keyboard.press("F9")
    expect(head.at("aturan-tujuan-rancangan")).to_contain_text("belum berlaku")
    inspection.look(page, "rancangan", sizes=ONE)
    head.at("aturan-tujuan-catatan").fill("kata setempat untuk gigi")
    head.at("aturan-tujuan-berlakukan").click()
    expect(head.at("aturan-tujuan-keadaan")).to_contain_text("kata setempat untuk gigi")
    expect(head.at("aturan-tujuan-rancangan")).to_have_count(0)
    expect(head.at("aturan-tujuan-nasional")).to_contain_text("tojhi")

    head.at("aturan-tujuan-ke-nasional").click()
    expect(head.at("aturan-tujuan-nasional")).to_contain_text("sama dengan aturan nasional")
