"""The calls POST /planning/wisn and /planning/cpi: a study in, its result out; nothing is kept.

Any signed-in account may ask, whatever its facility: nothing of the house is read.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from simpul.domain.findings import Meaningless
from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.api import answer
from simpul.foundation.staff.api_description import describe
from simpul.planning.studies.api_schemas import (
    CPI_EXAMPLE,
    WISN_EXAMPLE,
    CpiBody,
    CpiOut,
    WisnBody,
    WisnOut,
)
from simpul.planning.studies.calculations import NotUnderstood, cpi_of, wisn_of

router = Router(tags=["Perencanaan"])

_SHOWN_PROBLEMS = 50
_LONGEST_WHERE = 160


def refused(trouble: NotUnderstood | Meaningless) -> Refused:
    """Return the refusal of an input that cannot be read, or that has no meaning."""
    if isinstance(trouble, Meaningless):
        where = trouble.where[:_LONGEST_WHERE]
        return Refused(
            f"{where}: {trouble.message}" if where else trouble.message,
            trouble.code,
            errors=(Problem(where, trouble.code, trouble.message),),
        )
    problems = tuple(
        Problem(each.where[:_LONGEST_WHERE], each.code, each.message) for each in trouble.troubles
    )
    return Refused(
        _("Belum dihitung: %(count)d isian perlu diperbaiki.") % {"count": len(problems)},
        "request_refused",
        errors=problems[:_SHOWN_PROBLEMS],
    )


def _calculated(calculate: Callable[[], dict[str, Any]]) -> HttpResponse:
    try:
        return answer(calculate())
    except (NotUnderstood, Meaningless) as trouble:
        raise refused(trouble) from None


@router.post(
    "/wisn",
    **describe(
        "plan_wisn",
        "Kebutuhan tenaga menurut beban kerja (WISN)",
        description=(
            "Empat cara: `who_wisn`, `kepmenkes81`, `abk_kes`, `kep75`. Setiap hitungan dijawab "
            "juga sebagai kalimat; yang meragukan sebagai `findings` dengan angka yang benar."
        ),
        sends=WISN_EXAMPLE,
        returns=WisnOut,
        example=wisn_of(WISN_EXAMPLE),
        fails={
            422: (
                "support_full working_time_missing working_time_none working_time_impossible "
                "unit_time_zero negative range_impossible request_refused"
            )
        },
    ),
)
def plan_wisn(request: HttpRequest, typed: WisnBody) -> HttpResponse:
    """Compute a study."""
    acting(request)
    given = typed.model_dump(exclude_unset=True)
    given.pop("spread", None)
    return _calculated(lambda: wisn_of(given, spread=typed.spread))


@router.post(
    "/cpi",
    **describe(
        "plan_cpi",
        "Efektivitas waktu pelayanan (CPI)",
        description=(
            "Ketiga arah dijawab dengan namanya: target ÷ realisasi, realisasi ÷ target, dan rumus "
            "resmi “makin rendah makin baik”. Di atas 150 ditandai sebagai target tak masuk akal."
        ),
        sends=CPI_EXAMPLE,
        returns=CpiOut,
        example=cpi_of(CPI_EXAMPLE),
        fails={422: "time_zero request_refused"},
    ),
)
def plan_cpi(request: HttpRequest, typed: CpiBody) -> HttpResponse:
    """Compute the index of one measure or of several."""
    acting(request)
    given = typed.model_dump(exclude_unset=True)
    return _calculated(lambda: cpi_of(given))
