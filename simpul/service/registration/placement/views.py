"""`/aturan-tujuan`: the rules that suggest a unit, their measure, their versions, and a try box."""

import csv
import io
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.domain.placement import try_out
from simpul.domain.placement_national import NATIONAL_RULES
from simpul.domain.placement_rules import CLUSTER_LABELS, PROGRAMMES, Rule
from simpul.domain.placement_table import RuleTable
from simpul.foundation.core.errors import NotHere, Refused, Stale
from simpul.foundation.core.spreadsheets import as_text
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.actor import Actor
from simpul.foundation.staff.rights import may, require, require_home
from simpul.service.registration.placement import forms, services
from simpul.service.registration.placement.comparing import compare
from simpul.service.registration.placement.overrides import count_overrides
from simpul.service.registration.placement.presenting import rule_rows, trial_row
from simpul.service.registration.placement.selectors import (
    NATIONAL,
    Desk,
    get_desk,
    get_version,
    list_versions,
    rules_in_force,
)

PERIODS = (7, 30, 90, 365)
NEW_RULE = Rule(code="", unit="", reason="")


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """The ordered list, with what the counter made of each rule in a period."""
    by = acting(request)
    return render(request, "placement/rules.html", _page(request, by))


def _page(request: HttpRequest, by: Actor) -> dict[str, Any]:
    desk, days = get_desk(by=by), _days(request)
    today = get_here().today()
    overrides = count_overrides(today - timedelta(days=days - 1), today, by=by)
    rows = rule_rows(desk.table, overrides)
    known = {row.rule.code for row in rows}
    versions = list_versions(by=by)
    in_force = versions[0]
    findings = services.findings_of(desk.table.rules) if desk.is_draft else ()
    return {
        "desk": desk,
        "rows": rows,
        "overrides": overrides,
        "gone": [line for code, line in overrides.rules.items() if code not in known],
        "in_force": in_force,
        "versions": versions,
        "changes": compare(in_force.rules, desk.table.rules) if desk.is_draft else [],
        "to_national": compare(NATIONAL_RULES, desk.table.rules),
        "refusals": [each for each in findings if each.severity == "refuse"],
        "warnings": [each for each in findings if each.severity == "warn"],
        "days": days,
        "periods": [(str(each), _("%(days)d hari") % {"days": each}) for each in PERIODS],
        "programmes": [("", _("tidak ada")), *PROGRAMMES.items()],
        "may_change": may(by, "correct", "placement"),
        "has_tabs": may(by, "view", "settings"),
        "typed": {},
        "tab": "placement",
    }


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("hari", "")
    days = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    return days if days in PERIODS else 30


@require_POST
def try_complaint(request: HttpRequest) -> HttpResponse:
    """The try box: which rule takes this complaint, and which one nearly did."""
    by = acting(request)
    desk = get_desk(by=by)
    refusal, trial = None, None
    try:
        situation = forms.read_trial(request.POST.dict())
        trial = trial_row(try_out(situation, desk.table))
    except Refused as refused:
        refusal = refused
    context: dict[str, Any] = {"trial": trial, "refusal": refusal, "desk": desk}
    status = 422 if refusal else 200
    if request.headers.get("HX-Request"):
        return render(request, "placement/_tried.html", context, status=status)
    whole = {**_page(request, by), **context, "typed": request.POST}
    return render(request, "placement/rules.html", whole, status=status)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Edit one rule; it is saved into the draft."""
    by = acting(request)
    _may_write(by)
    desk = get_desk(by=by)
    rule = next((each for each in desk.table.rules if each.code == code), None)
    if rule is None:
        raise NotHere(_("Aturan ini tidak ada. Buka lagi dari daftar aturan."), "rule_unknown")
    if request.method == "GET":
        return _form(request, forms.form_of(rule), desk, rule=rule)
    form = forms.typed_form(request.POST)
    form = forms.RuleForm({**form.values, "code": code}, form.problems)
    try:
        services.change_rule(code, forms.rule_of(form, keep=rule), seen=_seen(request), by=by)
    except (Refused, Stale) as refusal:
        return _refused(request, form, desk, refusal, rule=rule)
    return _drafted(request, code)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a rule to the draft."""
    by = acting(request)
    _may_write(by)
    desk = get_desk(by=by)
    if request.method == "GET":
        return _form(request, forms.form_of(NEW_RULE), desk, before=request.GET.get("sebelum", ""))
    form, before = forms.typed_form(request.POST), request.POST.get("before", "")
    try:
        rule = forms.rule_of(form)
        services.add_rule(rule, before=before, seen=_seen(request), by=by)
    except (Refused, Stale) as refusal:
        return _refused(request, form, desk, refusal, before=before)
    return _drafted(request, rule.code)


def _drafted(request: HttpRequest, code: str) -> HttpResponse:
    messages.success(
        request,
        _("Aturan %(code)s tersimpan di rancangan; belum berlaku di loket.") % {"code": code},
    )
    return redirect("aturan-tujuan")


def _refused(
    request: HttpRequest,
    form: forms.RuleForm,
    desk: Desk,
    refusal: Refused | Stale,
    *,
    rule: Rule | None = None,
    before: str = "",
) -> HttpResponse:
    if isinstance(refusal, Refused):
        form = forms.with_refusal(form, refusal)
    return _form(request, form, desk, rule=rule, before=before, refusal=refusal)


def _form(
    request: HttpRequest,
    form: forms.RuleForm,
    desk: Desk,
    *,
    rule: Rule | None = None,
    before: str = "",
    refusal: Refused | Stale | None = None,
) -> HttpResponse:
    units = [(code, get_here().units[code].name) for code in services.here_units()]
    context = {
        "form": form,
        "values": form.values,
        "problems": form.problems,
        "desk": desk,
        "rule": rule,
        "before": before,
        "refusal": refusal,
        "units": units,
        "sexes": [("", _("semua")), ("female", _("perempuan")), ("male", _("laki-laki"))],
        "clusters": [("", _("menurut unit dan umur")), *CLUSTER_LABELS.items()],
        "programmes": PROGRAMMES.items(),
        "positions": [
            ("", _("paling bawah")),
            *(
                (each.code, _("sebelum %(code)s") % {"code": each.code})
                for each in desk.table.rules
            ),
        ],
    }
    return render(
        request, "placement/rule.html", context, status=refusal.status if refusal else 200
    )


@require_POST
def arrange(request: HttpRequest, code: str) -> HttpResponse:
    """Move a rule, switch it, take it out, or put its national form back: in the draft."""
    by, seen = acting(request), _seen(request)
    wanted = request.POST.get("act", "")
    if wanted in ("up", "down"):
        services.move_rule(code, "up" if wanted == "up" else "down", seen=seen, by=by)
    elif wanted in ("on", "off"):
        services.switch_rule(code, is_active=wanted == "on", seen=seen, by=by)
    elif wanted == "remove":
        services.remove_rule(code, seen=seen, by=by)
    elif wanted == "national":
        services.use_national_rule(code, seen=seen, by=by)
    else:
        require(by, "correct", "placement")
        raise Refused(_("Tindakan ini tidak dikenal. Tidak ada yang diubah."), "act_unknown")
    return redirect("aturan-tujuan")


@require_POST
def put_in_force(request: HttpRequest) -> HttpResponse:
    """Check the draft; it is in force for the next patient, or each place is named."""
    by = acting(request)
    note = request.POST.get("note", "")
    try:
        made = services.put_in_force(note=note, seen=_seen(request), by=by)
    except Refused as refusal:
        context = {**_page(request, by), "refusal_of_draft": refusal, "note": note[:200]}
        return render(request, "placement/rules.html", context, status=422)
    messages.success(
        request,
        _("Versi %(number)d berlaku mulai pasien berikutnya.") % {"number": made.number},
    )
    return redirect("aturan-tujuan")


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Put the draft away."""
    services.discard_draft(seen=_seen(request), by=acting(request))
    messages.success(request, _("Rancangan dibuang; aturan yang berlaku tidak berubah."))
    return redirect("aturan-tujuan")


@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Put an older version, or the national set, in force again."""
    by = acting(request)
    number = _number(request.POST.get("number", ""))
    made = services.restore(number, note=request.POST.get("note", ""), by=by)
    messages.success(
        request,
        _("Versi %(number)d berlaku: %(note)s.") % {"number": made.number, "note": made.note},
    )
    return redirect("aturan-tujuan")


@require_GET
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version, and what differs from those now in force."""
    by = acting(request)
    line = get_version(number, by=by)
    today = get_here().today()
    context = {
        "line": line,
        "rows": rule_rows(
            NATIONAL if number == 0 else RuleTable(line.rules), count_overrides(today, today, by=by)
        ),
        "changes": compare(line.rules, rules_in_force().rules),
        "is_in_force": rules_in_force().version == number,
        "may_change": may(by, "correct", "placement"),
        "tab": "placement",
    }
    return render(request, "placement/version.html", context)


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """The list as a file: semicolons and a byte-order mark, as Indonesian Excel reads."""
    by = acting(request)
    page = _page(request, by)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Aturan tujuan"), as_text(get_here().name), f"v{page['in_force'].number}"])
    writer.writerow([])
    writer.writerow(
        [
            _("No."), _("Kode"), _("Unit"), _("Alasan"), _("Syarat"), _("Kata"), _("Kecuali"),
            _("Gejala lama"), _("Contoh uji"), _("Dipakai"), _("Disarankan"), _("Diubah petugas"),
        ]
    )  # fmt: skip
    for row in page["rows"]:
        rule = row.rule
        lasting = ", ".join(rule.lasting)
        writer.writerow(
            [
                row.number,
                as_text(rule.code),
                as_text(row.unit),
                as_text(rule.reason),
                as_text("; ".join(row.conditions)),
                as_text(", ".join(rule.words)),
                as_text(", ".join(rule.unless)),
                as_text(f"{lasting} ({rule.lasting_days})" if lasting else ""),
                as_text(" / ".join(case.text for case in row.cases)),
                _("ya") if rule.is_active else _("tidak"),
                row.overridden.suggested,
                row.overridden.overridden,
            ]
        )
    return HttpResponse(
        "\ufeff" + buffer.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="aturan-tujuan.csv"'},
    )


def _may_write(by: Actor) -> None:
    require(by, "correct", "placement")
    require_home(by)


def _seen(request: HttpRequest) -> int:
    return max(_number(request.POST.get("seen", "")), 0)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
