"""How many tries are left before an account is locked at this address."""

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse


def tries_left(request: HttpRequest, username: str) -> int:
    """Return how often a wrong PIN may still be typed here for this name."""
    address = request.META.get("REMOTE_ADDR", "")
    used = AccessAttempt.objects.filter(username=username, ip_address=address).aggregate(
        n=Sum("failures_since_start")
    )["n"]
    return max(0, settings.AXES_FAILURE_LIMIT - (used or 0))


def keep_answer(request: HttpRequest, answer: HttpResponse, credentials: object) -> HttpResponse:
    """Let a locked sign-in show our own page and sentence, not the bare text of django-axes."""
    return answer
