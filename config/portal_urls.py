"""Every page of the creators' portal; the middleware lets only creators in."""

from django.urls import include, path

urlpatterns = [
    path("", include("generation.urls")),
    path("me/words/", include("insights.urls")),
    path("me/", include("crm.urls")),
]
