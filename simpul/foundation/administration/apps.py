"""Django's entry for the pages of administration."""

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """Administration: journal and settings pages; it has no tables of its own."""

    name = "simpul.foundation.administration"
    label = "administration"
