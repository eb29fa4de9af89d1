"""What tests change: quick passwords, a mailbox in memory, tasks run by the test itself."""

import os

# Tests use servers and data of their own, which may be lost at any time.
if not os.environ.get("PINGJU_THROWAWAY"):
    os.environ["PINGJU_HOME"] = os.path.join(os.environ.get("PINGJU_HOME") or "var", "test")
    os.environ["PINGJU_THROWAWAY"] = "1"

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SAMPLE_WORKSPACE = False
LOGGING = {"version": 1, "disable_existing_loggers": False}
ACCOUNT_RATE_LIMITS = False
NOTICE_SECONDS = 60.0  # a busy machine is no fault; that the bound holds has tests of its own
WHITENOISE_AUTOREFRESH = True  # look for a file when it is asked for, not all for each client
CELERY_BROKER_URL = "memory://"  # what a test queues stays in its process
