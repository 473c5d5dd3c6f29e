"""Fragments that are drawn again and again with the same content, kept by what is in them.

Every open screen of a unit fetches the whole queue after each event, though one row of it has
changed. A row is kept by everything it shows: the same values, language and clock give the same
text, and any other value another one, so nothing has to be thrown away when something changes.
Only for templates that show what they are given, and nothing of the request.
"""

from collections.abc import Hashable
from functools import lru_cache

from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

#: Some hundred rows of each unit of a busy house, about a kilobyte each.
MOST_KEPT = 4000


def draw(template: str, **content: Hashable) -> SafeString:
    """Return a template's text for this content, drawn once for each language and time zone."""
    if settings.DEBUG:
        return _draw(template, content)
    items = tuple(sorted(content.items()))
    language = translation.get_language() or ""
    return _kept(template, items, language, timezone.get_current_timezone_name())


@lru_cache(maxsize=MOST_KEPT)
def _kept(
    template: str, items: tuple[tuple[str, Hashable], ...], language: str, zone: str
) -> SafeString:
    return _draw(template, dict(items))


def _draw(template: str, content: dict[str, Hashable]) -> SafeString:
    return mark_safe(get_template(template).render(dict(content)))  # noqa: S308 - drawn, escaped
