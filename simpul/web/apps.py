"""Django's entry for this package."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell: base templates, live feed, static files."""

    name = "simpul.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
