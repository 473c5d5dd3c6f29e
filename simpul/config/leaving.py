"""Signing out ends the session and, with it, what the session could open at a computer."""

from django.http import HttpRequest, HttpResponse

from simpul.service.distribution.offline.contact_views import MARK
from simpul.service.distribution.offline.devices import end_uses
from simpul.web import views as web


def sign_out(request: HttpRequest) -> HttpResponse:
    """`/keluar`: the copy's key ends here; what is typed later under this name is not believed."""
    mark = request.session.get(MARK)
    if request.method == "POST" and mark:
        end_uses(str(mark))
    return web.sign_out(request)
