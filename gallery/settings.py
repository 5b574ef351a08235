"""One settings file, read from the environment; the defaults serve one machine with nothing else.

What can be set, and why one would, is listed in the README under "Configuration".
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from gallery.keeping.logs import LOGGERS
from gallery.media import store
from gallery.sqlite import journal_mode

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))


def kept_secret(path: Path) -> str:
    """A secret made once and kept beside the database, so that a restart logs nobody out.

    It is linked into place whole: of two processes that start together one wins, and a crash leaves
    no half of it. The folder is closed to others: answers and password hashes lie there too.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(60))
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # while one changes it
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's list of passkeys
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "csp",
    "django_htmx",
    "template_partials",
    "gallery",
    "gallery.accounts",
    "gallery.works",
    "gallery.runs",
    "gallery.studies",
    "gallery.findings",
    "gallery.museums",
    "gallery.calls",
    "gallery.keeping",
]

MIDDLEWARE = [
    "gallery.keeping.metrics.RequestTimes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gallery.limits.BodyLimitMiddleware",
    "gallery.wrong_method.WrongMethodMiddleware",
    "gallery.away.StorageAwayMiddleware",
    "gallery.studies.identity.RatersMiddleware",
]

ROOT_URLCONF = "gallery.urls"
ASGI_APPLICATION = "gallery.asgi.application"
WSGI_APPLICATION = "gallery.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gallery.roles.roles",
            ],
        },
    },
]

# SQLite with a full fsync at each commit, and IMMEDIATE so that a transaction that reads and then
# writes waits its turn instead of failing. PostgreSQL: DATABASE_URL=postgres://user:pass@host/name
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR_DIR / "gallery.sqlite3")}
DATABASE_URL = env.str("DATABASE_URL", default="")
DATABASES = {"default": env.db_url_config(DATABASE_URL) if DATABASE_URL else SQLITE}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"] |= {
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 10,
            "transaction_mode": "IMMEDIATE",
            "init_command": f"PRAGMA journal_mode={journal_mode()}; PRAGMA synchronous=FULL; "
            "PRAGMA journal_size_limit=67108864; PRAGMA secure_delete=FAST;",
        },
    }
else:
    DATABASES["default"] |= {
        "CONN_HEALTH_CHECKS": True,  # else each connection fails once after the server's restart
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 10, "timeout": 10}},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without Redis the layer lives in this process, and so must the worker that paints.
REDIS_URL = env.str("REDIS_URL", default="")
PAINT_IN_PROCESS = env.bool("PAINT_IN_PROCESS", default=not REDIS_URL)
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            # The layer waits five seconds for a message; redis-py gives up on an answer as soon.
            "hosts": [{"address": REDIS_URL, "socket_timeout": 30.0}],
            "prefix": env.str("REDIS_PREFIX", default="unsigned"),
        },
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1000}}
}

# A findings page of a thousand works is a megabyte: few are kept, and apart from what is small.
# Museums' small pictures lie on disk, where each of several processes finds what another fetched.
MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {
        "BACKEND": "gallery.forgetful.ForgetfulRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1.0, "socket_connect_timeout": 1.0},
    }
    if REDIS_URL
    else {"BACKEND": MEMORY},
    "articles": {"BACKEND": MEMORY, "LOCATION": "articles", "OPTIONS": {"MAX_ENTRIES": 16}},
    "museums": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(VAR_DIR / "museums"),
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}

# The worker. A lease outlives several missed beats; a silent worker is noticed when it ends.
PAINT_BEAT_SECONDS = env.float("PAINT_BEAT_SECONDS", default=2.0)
PAINT_LEASE_SECONDS = env.float("PAINT_LEASE_SECONDS", default=12.0)
PAINT_TICK_SECONDS = env.float("PAINT_TICK_SECONDS", default=2.0)
RATE_LIMITS = env.bool("RATE_LIMITS", default=True)  # of what one network may send and fetch
# What a worker does while no run waits: each does one piece, and says whether there was one.
IDLE_WORK = [
    "gallery.studies.sifting.sift_next",
    "gallery.studies.stopping.stop_next",
    "gallery.findings.services.compute_next",
]
PAINT_OUTPUT_SECONDS = env.float("PAINT_OUTPUT_SECONDS", default=1800.0)
PAINT_MEMORY_MB = env.int("PAINT_MEMORY_MB", default=8192)
PAINT_DEVICE = env.str("PAINT_DEVICE", default="cpu")

# What Prometheus sends as "Authorization: Bearer ..." to read /metrics; without it nobody does.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# Works are never served by address: views read them, and ask each time who may see them.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
SPOOL = VAR_DIR / "spool"  # what a worker of this machine paints from, and what it paints
UPLOAD_LIMIT_BYTES = 25 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_LIMIT_BYTES  # the forms say in words what is too long

# Where curators import from. Museums are told whom to write to. Hosts that are trusted, each with
# its port (127.0.0.1:8001), may be of this network and speak plain http.
MUSEUMS_CONTACT = env.str("MUSEUMS_CONTACT", default="")
MUSEUMS_TRUSTED_HOSTS = env.list("MUSEUMS_TRUSTED_HOSTS", default=[])
MUSEUMS_ARTIC_API = env.str("MUSEUMS_ARTIC_API", default="https://api.artic.edu/api/v1")
MUSEUMS_MET_API = env.str(
    "MUSEUMS_MET_API", default="https://collectionapi.metmuseum.org/public/collection"
)

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": store(env),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644},  # nginx reads them as a user of its own
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# Accounts: by invitation only, by name, without e-mail. Passkeys work at https addresses, and at
# http://localhost.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "gallery.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {} if RATE_LIMITS else False
FORMS = "gallery.accounts.sign_in_forms"
ACCOUNT_FORMS = {
    "login": f"{FORMS}.SignInForm",
    "signup": f"{FORMS}.JoinForm",
    "change_password": f"{FORMS}.PasswordForm",
    "reauthenticate": f"{FORMS}.ConfirmForm",
}
MFA_ADAPTER = "gallery.accounts.sealing.MFAAdapter"
MFA_FORMS = {
    "authenticate": f"{FORMS}.CodeForm",
    "reauthenticate": f"{FORMS}.ConfirmByCodeForm",
    "activate_totp": f"{FORMS}.AppForm",
    "add_webauthn": f"{FORMS}.PasskeyForm",
    "edit_webauthn": f"{FORMS}.RenameForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Unsigned"
MFA_TOTP_TOLERANCE = 1  # clocks that differ by half a minute
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# TLS=1 where a proxy in front speaks TLS and sets X-Forwarded-Proto.
TLS = env.bool("TLS", default=False)
SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, past the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
SECURE_HSTS_SECONDS = 31536000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = TLS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# Names that a browser takes only from this host, and only over TLS; also for raters' cookies.
COOKIE_PREFIX = "__Host-" if TLS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
MESSAGE_STORAGE = "gallery.notices.NoticeStorage"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# LOG_FORMAT=json: one object a line, for programs; `gallery.keeping.logs` says what is in it.
LOG_FORMAT = env.str("LOG_FORMAT", default="line")
LOG_FORMATS = {
    "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    "json": {"()": "gallery.keeping.logs.OneLine"},
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"chosen": LOG_FORMATS[LOG_FORMAT]},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "chosen"}},
    "loggers": LOGGERS if LOG_FORMAT == "json" else {},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
}
