"""`/`: where everyone starts, and the page of those who have no place here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from simpul.config.navigation import first_place
from simpul.foundation.facilities.selectors import is_set_up
from simpul.foundation.staff.acting import acting


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Send a person to their first place; a stranger to sign-in; a new house to first start."""
    if not is_set_up():
        return redirect("first-start")
    if getattr(request, "actor", None) is None:
        return redirect("sign-in")
    return redirect(first_place(acting(request)))


@require_GET
def nothing_here(request: HttpRequest) -> HttpResponse:
    """A role without pages of its own in this house yet (pharmacy, laboratory, district)."""
    acting(request)
    return render(request, "web/nothing_here.html")
