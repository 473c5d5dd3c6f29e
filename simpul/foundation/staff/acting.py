"""From a request to the person who acts; pages and API calls begin here."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from simpul.foundation.core.errors import NotSignedIn
from simpul.foundation.staff.actor import Actor


def acting(request: HttpRequest) -> Actor:
    """Return who acts; NotSignedIn when nobody does."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise NotSignedIn(
            _("Anda belum masuk, atau sesi sudah berakhir. Masuk lagi; isian di layar tetap ada."),
            "not_signed_in",
        )
    return actor
