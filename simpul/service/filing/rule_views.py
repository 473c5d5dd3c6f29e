"""`/pengaturan/kelengkapan`: which items make a record complete, in which units."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.foundation.core.errors import Problem, Refused
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.models import Role
from simpul.service.completeness.rules import change_rule, list_rules
from simpul.service.filing.forms import RuleForm


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """The rules with their units; the head may change them, IT may read them."""
    by = acting(request)
    units = get_here().units
    rows = [
        {
            "rule": line,
            "unit_text": ", ".join(u.name for u in units.values() if u.code in line.units),
        }
        for line in list_rules(by=by)
    ]
    context = {
        "rows": rows,
        "units": [unit for unit in units.values() if unit.takes_patients],
        "may_change": Role.HEAD in by.roles,
        "tab": "rules",
    }
    return render(request, "filing/rules.html", context)


@require_POST
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """Change one rule."""
    by = acting(request)
    form = RuleForm(request.POST)
    if not form.is_valid():
        raise Refused(
            _("Aturan belum diubah: ada unit yang tidak dikenal. Muat ulang halaman."),
            "rule_refused",
            errors=(Problem("units", "unknown", _("Pilih unit dari daftar.")),),
        )
    row = change_rule(code, by=by, **form.cleaned_data)
    messages.success(
        request,
        _("Aturan “%(rule)s” tersimpan; berlaku mulai penilaian berikutnya.") % {"rule": row.label},
    )
    return redirect("aturan-kelengkapan")
