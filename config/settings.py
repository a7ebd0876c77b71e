"""How it is wired; everything that differs between machines comes from the environment.

LOTSENRUF_ENVIRONMENT is `demo` (default; invented people, messages go to a visible outbox),
`test` or `production` (refuses to start without secrets). See docs/operations.md.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from config.environment import ENVIRONMENT, IS_DEMO, IS_PRODUCTION, PUBLIC_URL, required
from config.message_settings import *  # noqa: F403 - the part about messages

BASE_DIR = Path(__file__).resolve().parent.parent


def _database(url: str) -> dict[str, object]:
    """Read postgresql://user:password@host:port/name?host=/socket/directory&prepare=no.

    `prepare=no` is for a pooler that deals out connections by transaction and does not know
    prepared statements (PgBouncer before 1.21); only the search for candidates uses them.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": query.get("user") or unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or query.get("port") or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # a pooler may deal out connections by transaction
        "OPTIONS": {"prepare_threshold": None if query.get("prepare") == "no" else 1},
    }


SECRET_KEY = required(
    "LOTSENRUF_SECRET_KEY", "demo-only-key-never-used-with-real-people-0123456789"
)
# Separate keys: a leak of one does not open the others.
LINK_KEY = required("LOTSENRUF_LINK_KEY", "demo-only-link-key")
CASE_CODE_KEY = required("LOTSENRUF_CASE_CODE_KEY", "demo-only-case-code-key")
DEBUG = False
PUBLIC_LINK_HOST = os.environ.get("LOTSENRUF_LINK_HOST", urlsplit(PUBLIC_URL).netloc)
ALLOWED_HOSTS = [
    host
    for host in (
        urlsplit(PUBLIC_URL).hostname,
        PUBLIC_LINK_HOST.split(":")[0],
        *os.environ.get("LOTSENRUF_ALLOWED_HOSTS", "").split(","),
        *(() if IS_PRODUCTION else ("127.0.0.1", "localhost", "testserver")),
    )
    if host
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # the widgets' templates for FORM_RENDERER
    "django.contrib.gis",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "django_q",
    "background.apps.BackgroundConfig",
    "reference.apps.ReferenceConfig",
    "pools.apps.PoolsConfig",
    "tokens.apps.TokensConfig",
    "notifications.apps.NotificationsConfig",
    "volunteers.apps.VolunteersConfig",
    "service_requests.apps.ServiceRequestsConfig",
    "matching.apps.MatchingConfig",
    "reporting.apps.ReportingConfig",
    "webhooks.apps.WebhooksConfig",
    "pages.apps.PagesConfig",
    "api.apps.ApiConfig",
    "config.apps.ProjectConfig",
]

MIDDLEWARE = [
    "pages.middleware.traced",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before whatever may answer by itself, so that a refusal goes out with the same headers.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "pages.middleware.private_headers",
    "pages.middleware.refuse_bad_input",
    "pages.telephones.remembered",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pages.middleware.DefaultDeny",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "pages.forms.KernRenderer"
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
                "pages.context.frame",
            ],
        },
    },
]

DATABASES = {
    "default": _database(
        required("LOTSENRUF_DATABASE_URL", "postgresql:///lotsenruf?user=lotsenruf")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",  # shared by all processes
        "LOCATION": "django_cache",
        # Rate limits are counted here: with the usual 300 a busy hour would forget them.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# --- people and sign-in -----------------------------------------------------------------------
AUTH_USER_MODEL = "pools.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "pages.account.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
# As many as notifications.codes sends: a code that was not sent can still be guessed.
# Each code may be tried three times: the last limit keeps guessing at sixty tries a day.
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,10/h/key,20/d/key"}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
# Limits count per caller: behind a proxy its address would be everybody's.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if IS_PRODUCTION else 0
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "pages.account.MfaAdapter"
MFA_TOTP_ISSUER = "Lotsenruf"
MFA_FORMS = {
    "authenticate": "pages.sign_in.forms.AuthenticateForm",
    "reauthenticate": "pages.sign_in.forms.ReauthenticateForm",
    "activate_totp": "pages.sign_in.forms.ActivateForm",
}
# Empty in the demo, so that a visitor can look around; `check --deploy` fails if it is empty.
MFA_REQUIRED_ROLES = frozenset() if IS_DEMO else frozenset({"coordinator", "operator"})
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "start"

# --- language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

# --- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("kern", BASE_DIR / "node_modules" / "@kern-ux" / "native" / "dist"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if ENVIRONMENT == "test"
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# --- security ---------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "base-uri": ["'none'"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "img-src": ["'self'", "data:"],  # KERN draws its icons as data: masks
        "manifest-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
    }
}
_IS_HTTPS = PUBLIC_URL.startswith("https://")
SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 63_072_000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION
SECURE_HSTS_PRELOAD = IS_PRODUCTION
# Not "no-referrer": with it browsers send «Origin: null» along with every form, which fails CSRF.
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if _IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if _IS_HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_FAILURE_VIEW = "pages.errors.csrf_failed"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
SILENCED_SYSTEM_CHECKS = [
    # Debian 12's GDAL cannot block file access; we never hand user text to GDAL (stack.md 4).
    "gis.W001",
]

# --- the API ----------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.DenyAll"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.TokenAuthentication",
        "api.authentication.SessionAuthentication",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.PerPerson", "api.throttling.PerAddress"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsing.JsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.parsing.AlwaysJson",
    "DEFAULT_SCHEMA_CLASS": "api.schema.EndpointSchema",
    "EXCEPTION_HANDLER": "api.problems.told",
    "NUM_PROXIES": 1 if IS_PRODUCTION else 0,
}
API_RATES = {"read": "300/m", "write": "60/m", "anonymous": "30/m"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lotsenruf",
    "DESCRIPTION": "Requests, offers, assignments and one's own details: what the pages do,"
    " through the same verbs. See docs/api.md.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "RequestStatus": "service_requests.models.Status",
        "VolunteerStatus": "volunteers.models.Volunteer.Status",
        "OrganisationStatus": "pools.models.Organisation.Status",
        "Mode": "volunteers.models.Mode",
        "LanguageLevel": "volunteers.models.Level",
        "OfferState": "matching.models.Proposal.State",
        "DeliveryState": "webhooks.models.Delivery.State",
        "WebhookTopic": "webhooks.models.Topic",
    },
}

# --- who runs this; stands in the imprint -------------------------------------------------------
OPERATOR_NAME = os.environ.get("LOTSENRUF_OPERATOR_NAME", "")
OPERATOR_ADDRESS = os.environ.get("LOTSENRUF_OPERATOR_ADDRESS", "")
OPERATOR_EMAIL = os.environ.get("LOTSENRUF_OPERATOR_EMAIL", "")

# --- background -------------------------------------------------------------------------------
HEARTBEAT_SWEEPS = [
    "notifications.receipts.sweep",
    "notifications.inbound.sweep",
    "matching.answers_by_sms.sweep",
    "matching.undelivered.sweep",
    "matching.search.sweep",
    "matching.reminders.sweep",
    "matching.moving.sweep",
    "reporting.records.sweep",
    "reporting.digest.sweep",
    "notifications.outbox.sweep",  # after those that write, so that the same beat sends it
    "notifications.alarm.sweep",
    "webhooks.sending.sweep",
    "api.once.sweep",
    "pages.sign_in.sessions.sweep",
]
BEAT_EVERY_S = 5
BEAT_STALE_AFTER_S = 60
Q_CLUSTER = {
    "name": "lotsenruf",
    "orm": "default",
    "poll": 0.2,
    "workers": 2,
    "timeout": 60,
    "retry": 300,
    "max_attempts": 3,
    "ack_failures": True,
    "save_limit": -1,
    "queue_limit": 2,
    "bulk": 1,
    "catch_up": False,
    "recycle": 500,
    "max_rss": 300_000,
    "scheduler": False,
    "label": "Hintergrund",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"allow_list": {"()": "config.logs.AllowList"}},
    "filters": {"without_tokens": {"()": "config.logs.WithoutTokens"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "allow_list",
            "filters": ["without_tokens"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django-q": {"level": "WARNING"},
        "django_q": {"level": "WARNING"},
        "twilio": {"level": "WARNING"},  # logs whole requests, with numbers
        "urllib3": {"level": "INFO"},  # below that it logs addresses with telephone numbers
    },
}
