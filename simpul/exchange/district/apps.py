"""Django's entry for this package."""

from django.apps import AppConfig


class DistrictConfig(AppConfig):
    """The district's pages and the links between people."""

    name = "simpul.exchange.district"
    label = "district"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the screens know what the district has received; links go to both facilities."""
        from simpul.exchange.district.telling import begin, tell_both_of_links

        begin()
        tell_both_of_links()
