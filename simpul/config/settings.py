"""The one settings file; what differs between sites comes from the environment."""

import os
from pathlib import Path

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from simpul.config import environment as env

django_stubs_ext.monkeypatch()

PACKAGE = Path(__file__).resolve().parent.parent
DATA = env.data_folder()
SIMPUL_ROLE = env.read_choice("SIMPUL_ROLE", "facility", ("facility", "hub"))
#: For trying out: waits between two steps of synchronising in percent; whether it gives way.
SIMPUL_SYNC_PACE = env.read_int("SIMPUL_SYNC_PACE", 100)
SIMPUL_SYNC_YIELDS = env.read_bool("SIMPUL_SYNC_YIELDS", True)
SIMPUL_DEMO = env.read_bool("SIMPUL_DEMO", False)

SECRET_KEY = env.secret_key(DATA)
DEBUG = env.read_bool("SIMPUL_DEBUG", False)
# A Puskesmas opens Simpul by whatever name or address its server has on the LAN.
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "simpul.foundation.core",
    "simpul.foundation.facilities",
    "simpul.foundation.staff",
    "simpul.foundation.journal",
    "simpul.foundation.printing",
    "simpul.foundation.backups",
    "simpul.foundation.register",
    "simpul.foundation.administration",
    "simpul.service.patients",
    "simpul.service.patients.matching",
    "simpul.service.patients.merging",
    "simpul.service.patients.numbers",
    "simpul.service.patients.importing",
    "simpul.service.registration",
    "simpul.service.registration.placement",
    "simpul.service.registration.booking",
    "simpul.service.distribution",
    "simpul.service.distribution.calling",
    "simpul.service.distribution.closing",
    "simpul.service.distribution.offline",
    "simpul.service.care",
    "simpul.service.completeness",
    "simpul.service.filing",
    "simpul.exchange.fhir",
    "simpul.exchange.sync",
    "simpul.exchange.hub",
    "simpul.exchange.district",
    "simpul.planning.norms",
    "simpul.planning.workload",
    "simpul.planning.studies",
    "simpul.planning.gap",
    "simpul.planning.allocation",
    "simpul.planning.maps",
    "simpul.web",
    "simpul.config.system",
]

MIDDLEWARE = [
    "simpul.web.turns.InTurn",
    "simpul.web.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "simpul.web.compression.Compressed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "simpul.web.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "simpul.web.middleware.WhoActs",
    "simpul.web.middleware.LocalTime",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simpul.web.middleware.Errors",
    "simpul.web.idempotency.OncePerKey",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "simpul.config.urls"
WSGI_APPLICATION = "simpul.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "simpul.config.navigation.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

DATABASES = {"default": env.database(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "staff.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 6},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/masuk"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "simpul.web.signin.keep_answer"
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]
SILENCED_SYSTEM_CHECKS = [
    # http on a LAN without certificates is a supported way to run (see docs/howto/install.md)
    "security.W004",
    "security.W008",
    "security.W012",
    "security.W016",
]

SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "simpul_sesi"
CSRF_COOKIE_NAME = "simpul_csrf"
CSRF_COOKIE_HTTPONLY = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.read_bool("SIMPUL_HTTPS", False)
#: Where a computer learns to trust this server (`simpul serve` tells); "" without https.
SIMPUL_INSTALL_ADDRESS = os.environ.get("SIMPUL_INSTALL_ADDRESS", "")
CSRF_FAILURE_VIEW = "simpul.web.views.csrf_failure"

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Pages name files by their content only, and nobody downloads source maps at a counter: compressing
# both would make the first start wait for a minute.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("png", "webp", "woff2", "gz", "br", "map")

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# The sheet of a WISN study has some ten fields a line, and sixty lines are not rare.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 8000
# A file of patients must not lie outside the folder that is kept, not even while it comes.
FILE_UPLOAD_TEMP_DIR = DATA
#: What a restore names first among what it would lose.
SIMPUL_COUNTED = {
    "registration.encounter": _("kunjungan"),
    "patients.patient": _("pasien baru"),
    "care.entry": _("tulisan rekam"),
}
SIMPUL_MAX_STREAMS = env.read_int("SIMPUL_MAX_STREAMS", 60)

NINJA_DEFAULT_THROTTLE_RATES: dict[str, str | None] = {}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # No request body, no query, no SQL: none of them may carry a patient into a log.
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        # Written without values, for the help package of the page `sistem`.
        "kept": {
            "class": "simpul.config.kept_log.KeptLog",
            "filename": str(DATA / "log" / "simpul.log"),
        },
    },
    "root": {"handlers": ["stderr", "kept"], "level": "WARNING"},
    "loggers": {
        "simpul": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "axes": {"level": "ERROR"},
    },
}
