"""`/keadaan`: both networks by name: the one in the building, and the way to the district."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from simpul.foundation.core import outside
from simpul.foundation.facilities.selectors import get_here
from simpul.foundation.staff.acting import acting
from simpul.foundation.staff.rights import may
from simpul.service.distribution.offline.internet import reach


@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """What the Keadaan chip stands for, line by line: cause, consequence, one act."""
    by = acting(request)
    is_home = by.facility_id == get_here().id
    context = {
        "internet": outside.internet(),
        "since": reach().since,
        "sending": outside.sending() if is_home else None,
        "may_look_after": may(by, "view", "settings"),
    }
    return render(request, "offline/state.html", context)
