"""What the admin leaves out: API keys are shown once, to whoever makes them, and to nobody else."""

from django.contrib import admin
from rest_framework.authtoken.models import TokenProxy

if admin.site.is_registered(TokenProxy):
    admin.site.unregister(TokenProxy)
