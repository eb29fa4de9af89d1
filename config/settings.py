"""Everything that can be set, from the environment; the defaults run the embedded installation.

Wrong combinations are system checks (`config/checks.py`). Without DATABASE_URL or BROKER_URL the
local services of `config.local` are started as soon as something asks for a connection.
"""

import os
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import keys, local, payments

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
# One thread a process: small matrices on shared cores are slower with more.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# -- where this runs --------------------------------------------------------------------------
HOME = local.home()
EMBEDDED = not env.str("DATABASE_URL", default="")
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or keys.kept(HOME, "secret_key", keys.secret_key)
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", default=[]) or [
    keys.kept(HOME, "field_key", keys.fernet_key)
]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
SAMPLE_WORKSPACE = env.bool("SAMPLE_WORKSPACE", default=EMBEDDED)

# -- the house --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.PingjuConfig",
    "generation",
    "insights",
    "crm",
    "engines",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "pgtrigger",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.PagesCompressedMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.AdminPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.KeepableTextMiddleware",
    "config.middleware.HtmxLoginMiddleware",
    "config.middleware.OnwardMiddleware",
    "crm.middleware.PortalMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# -- services ---------------------------------------------------------------------------------
if EMBEDDED:
    DATABASES: dict[str, dict[str, Any]] = {
        "default": {"ENGINE": "config.local.backend", **local.database_settings()}
    }
else:
    DATABASES = {"default": env.db_url("DATABASE_URL")}
    if "postgresql" not in DATABASES["default"]["ENGINE"]:
        raise ImproperlyConfigured(
            "DATABASE_URL must be a PostgreSQL address (postgres://user:password@host:5432/name): "
            "Pingju speaks one dialect."
        )
if env.bool("DATABASE_POOL", default=False):
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 4}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_broker = env.str("BROKER_URL", default="")
CELERY_BROKER_URL = _broker or local.broker_url()
CELERY_BROKER_TRANSPORT_OPTIONS = (
    # kombu looks for messages of dead workers only every interval × throttle seconds
    {"visibility_timeout": 3600, "unacked_restore_interval": 5, "unacked_restore_throttle": 1}
    if CELERY_BROKER_URL.startswith("redis")
    else {}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "generation.tasks.run_execute_task": {"queue": "text"},
    "generation.tasks.chapters_share_task": {"queue": "text"},
    "generation.tasks.film_execute_task": {"queue": "film"},
    "generation.tasks.voice_samples_task": {"queue": "film"},
    "crm.tasks.transcription_execute_task": {"queue": "film"},
    "generation.tasks.evaluation_execute_task": {"queue": "text"},
}
MAP_LEASE = env.int("MAP_LEASE", default=60)  # seconds without a sign, then another takes it
MAP_HELPERS = env.int("MAP_HELPERS", default=8)  # workers asked to share a run's chapters
CELERY_TASK_SOFT_TIME_LIMIT = env.int("TASK_SOFT_LIMIT", default=3000)
CELERY_TASK_TIME_LIMIT = env.int("TASK_HARD_LIMIT", default=3300)
CELERY_TIMEZONE = "Asia/Shanghai"
CHAT_ENGINES = env.str("CHAT_ENGINES", default="")  # JSON; see docs/adr/0017
TRANSCRIPTION_ENGINES = env.str("TRANSCRIPTION_ENGINES", default="")  # JSON; see docs/adr/0021
TRANSCRIPTION_CAP = env.int("TRANSCRIPTION_CAP", default=50)  # of each currency, in its main unit
SPEECH_ENGINES = env.str("SPEECH_ENGINES", default="")  # JSON; see docs/adr/0023
# Where `manage.py voices` puts the voices of the offline speech engine.
SPEECH_VOICES = env.str("SPEECH_VOICES", default=str(HOME / "voices"))
IMAGE_ENGINES = env.str("IMAGE_ENGINES", default="")  # JSON; see docs/adr/0022
IDENTITY_ENCODER = env.str("IDENTITY_ENCODER", default="")  # JSON; see engines/likeness/registry.py
ASSISTANTS_CAP = env.int("ASSISTANTS_CAP", default=20)  # of each currency, in its main unit
# What one run may cost at most, in main units of the currency that the engine is priced in.
ENGINE_RUN_CAP = env.str("ENGINE_RUN_CAP", default="20")
ENGINE_TIMEOUT = env.int("ENGINE_TIMEOUT", default=300)
ALARM_WEBHOOKS = env.list("ALARM_WEBHOOKS", default=[])  # the only addresses that are ever called
# Whether creators may have notices posted to private addresses and by plain http: only where they
# all sit in the house's own network.
NOTICE_HOOKS_ANYWHERE = env.bool("NOTICE_HOOKS_ANYWHERE", default=False)
RUN_STALE_AFTER = env.int("RUN_STALE_AFTER", default=90)

_cache = env.str("CACHE_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _cache or local.cache_url(),
    }
    if _cache or not _broker
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# -- payments in by signed notice --------------------------------------------------------------
PAYMENTS = payments.providers(env, HOME, EMBEDDED)
NOTICE_SECONDS = env.float("NOTICE_SECONDS", default=0.55)  # then a notice is put off with 503
RECEIPT_ISSUER = env.str("RECEIPT_ISSUER", default="")

# -- who may come in --------------------------------------------------------------------------
AUTH_USER_MODEL = "crm.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "door"
LOGOUT_REDIRECT_URL = "home"
# "open": anybody signs up; "invitation": only by a personal link from the team.
PORTAL_SIGNUP = env.str("PORTAL_SIGNUP", default="open" if SAMPLE_WORKSPACE else "invitation")
ACCOUNT_ADAPTER = "crm.accounts.PortalAccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "crm.accounts.JoinForm"
ACCOUNT_SIGNUP_REDIRECT_URL = "portal:welcome"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", default="optional")
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = None  # the sign-in asks
MFA_ADAPTER = "crm.accounts.PortalFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Pingju"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED  # http://localhost of the embedded default
USERSESSIONS_TRACK_ACTIVITY = False  # a write on every page would be dear for a small comfort
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: the clocks of telephones are not all right
# Sign-in through others, e.g. {"github": {"client_id": "…", "secret": "…"}}; see docs/production.md
SOCIAL_LOGINS: dict[str, Any] = env.json("SOCIAL_LOGINS", default={})
if SOCIAL_LOGINS:
    INSTALLED_APPS += [
        "allauth.socialaccount",
        *(f"allauth.socialaccount.providers.{name}" for name in SOCIAL_LOGINS),
    ]
    SOCIALACCOUNT_PROVIDERS = {
        name: {"APPS": apps if isinstance(apps, list) else [apps]}
        for name, apps in SOCIAL_LOGINS.items()
    }
    SOCIALACCOUNT_ADAPTER = "crm.social.PortalSocialAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PRESERVE_USERNAME_CASING = True
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = HOME / "mail"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "rest_framework.authentication.TokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "config.api.handle_exception",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Pingju",
    "DESCRIPTION": "Evidence for what is built: creators, interviews, payments, storyboards.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "TierEnum": "crm.models.Tier",
        "CreatorStatusEnum": "crm.models.Creator.Status",
        "InterviewStatusEnum": "crm.models.Interview.Status",
        "PainStatusEnum": "insights.models.PainPoint.Status",
        "FeatureStatusEnum": "generation.models.Feature.Status",
    },
}

# Strict outside the admin; unfold's Alpine needs eval, so `config.middleware` loosens /admin/ only.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", NONCE],
        "style-src": ["'self'", NONCE],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'self'"],
        "form-action": ["'self'"],
    }
}

# -- language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_THOUSAND_SEPARATOR = True

# -- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
if EMBEDDED:  # served from the sources; WhiteNoise only wants the folder to be there
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
WHITENOISE_USE_FINDERS = EMBEDDED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(HOME / "media")))
MEDIA_URL = "/media/"  # never served by itself: files go out through views that check the owner
NOVEL_MAX_BYTES = env.int("NOVEL_MAX_BYTES", default=64 * 1024 * 1024)
RECORDING_MAX_BYTES = env.int("RECORDING_MAX_BYTES", default=1024 * 1024 * 1024)
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=32 * 1024 * 1024)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a tick for every chapter of a long novel
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "crm.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# -- the admin's skin -------------------------------------------------------------------------
from config.skin import UNFOLD  # noqa: E402,F401  long and of its own kind, so it has its own file

# -- logs -------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
}
