"""The key that seals one person's drafts in a browser; it comes with the log-in and goes with it.

It stands in no table and on no disk: it is made anew for every page of a signed-in person, the same
for as long as the house keeps its secret. So whoever signs in again after a power cut or an ended
session finds their drafts, and nobody else at that computer can read them.
"""

import base64
import hmac
import uuid

from django.conf import settings


def draft_key(account: uuid.UUID) -> str:
    """Return the key of this person's drafts, in base64."""
    made = hmac.digest(settings.SECRET_KEY.encode(), f"draft-key|{account}".encode(), "sha256")
    return base64.b64encode(made).decode()
