import os

from django.core.wsgi import get_wsgi_application

from config import local

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
local.ensure()  # what is not set in the environment runs from here on; the rest is left alone
application = get_wsgi_application()
