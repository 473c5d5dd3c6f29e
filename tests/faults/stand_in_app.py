"""The application with its chores, as the serving process has it."""

from simpul.config.wsgi import application
from simpul.web.upkeep import start_upkeep

start_upkeep()
__all__ = ["application"]
