from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import views
from crm.notice_views import unsubscribe_page
from crm.study_views import invited, invited_calendar
from crm.views import join, signup, webhook
from generation.views import previews
from insights.views import shared

# The team's second factor and the limits on guessing hold at the admin's door too.
admin.site.unregister([Authenticator, UserSession])  # secrets and whereabouts are their owner's
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.home, name="home"),
    path("door/", views.door, name="door"),
    path("language/", views.set_language, name="set_language"),
    path("health/live", views.live, name="health_live"),
    path("health/ready", views.ready, name="health_ready"),
    path("admin/", admin.site.urls),
    path("join/<str:token>/", join, name="join"),
    path("accounts/", views.account_home, name="account_home"),
    path("accounts/signup/", signup, name="account_signup"),
    path("accounts/", include("allauth.urls")),
    path("studio/", include(("config.portal_urls", "portal"))),
    path("webhooks/<str:provider>/", webhook, name="webhook"),
    path("api/v1/", include(("config.api_urls", "api"))),
    path("invited/<str:token>/", invited, name="invited"),
    path("invited/<str:token>/calendar.ics", invited_calendar, name="invited_calendar"),
    path("unsubscribe/<str:token>/", unsubscribe_page, name="unsubscribe"),
    path("shared/<str:token>/", shared, name="shared"),
    path("preview/<str:token>/", previews.preview, name="preview"),
    path("preview/<str:token>/film.<str:kind>", previews.preview_film, name="preview_film"),
    path("preview/<str:token>/<int:pk>.png", previews.preview_frame, name="preview_frame"),
    path("offline/", views.offline, name="offline"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("fonts/cjk.otf", views.cjk_font, name="cjk_font"),
]
if settings.SOCIAL_LOGINS:
    from crm.social_views import social_signup

    urlpatterns.insert(
        0, path("accounts/3rdparty/signup/", social_signup, name="socialaccount_signup")
    )
handler400 = "config.views.refused"
handler404 = "config.views.not_found"
handler500 = "config.views.failed"
