"""`{% unit_screen "gigi" as screen %}`: is a screen of this unit open, and since when not?"""

from django import template

from simpul.web.screens import Screen, screen_of

register = template.Library()


@register.simple_tag
def unit_screen(unit: str) -> Screen:
    """Return what the server knows about a unit's open screens."""
    return screen_of(unit)
