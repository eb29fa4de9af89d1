from django.contrib import admin
from django.urls import include, path

from config import views
from crm.views import webhook
from insights.views import shared

urlpatterns = [
    path("", views.home, name="home"),
    path("door/", views.door, name="door"),
    path("language/", views.set_language, name="set_language"),
    path("health/live", views.live, name="health_live"),
    path("health/ready", views.ready, name="health_ready"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("studio/", include(("config.portal_urls", "portal"))),
    path("webhooks/<str:provider>/", webhook, name="webhook"),
    path("api/v1/", include(("config.api_urls", "api"))),
    path("shared/<str:token>/", shared, name="shared"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("fonts/cjk.otf", views.cjk_font, name="cjk_font"),
]
handler404 = "config.views.not_found"
handler500 = "config.views.failed"
