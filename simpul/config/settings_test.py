"""Settings of the tests: the same, with a scratch data folder and cheap password hashing."""

import os
import tempfile

os.environ.setdefault("SIMPUL_DATA", tempfile.mkdtemp(prefix="simpul-test-"))

from simpul.config import settings as site
from simpul.config.settings import *  # noqa: F403

# Workers that run side by side must not see each other's files.
DATA = site.DATA / os.environ.get("PYTEST_XDIST_WORKER", "main")
DATA.mkdir(parents=True, exist_ok=True)
DATABASES = site.DATABASES
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("sqlite"):
    # A file, not memory: threads and processes share it as they do at a site.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
