"""Configuration of the page `sistem`; it has no tables."""

from django.apps import AppConfig


class SystemConfig(AppConfig):
    """The state of the server for the people who look after it."""

    name = "simpul.config.system"
    label = "system"
