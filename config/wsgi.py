import os

from django.core.wsgi import get_wsgi_application

from config import local
from generation.prompts.families import load_vocabularies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
local.ensure()  # what is not set in the environment runs from here on; the rest is left alone
application = get_wsgi_application()
load_vocabularies()
