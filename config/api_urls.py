"""Every route of the HTTP API, for a session or a token; nobody unknown gets further than 401."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated
from rest_framework.routers import SimpleRouter

from crm.api import OwnInterviews, OwnPayments, OwnToken, TeamCreators, TeamInterviews
from generation.api import Films, Novels, Runs, TeamFeatures
from insights.api import TeamPains, TeamSearch

router = SimpleRouter(use_regex_path=False)
router.register("novels", Novels, "novel")
router.register("runs", Runs, "run")
router.register("films", Films, "film")
router.register("me/interviews", OwnInterviews, "own-interview")
router.register("me/payments", OwnPayments, "own-payment")
router.register("creators", TeamCreators, "creator")
router.register("interviews", TeamInterviews, "interview")
router.register("pains", TeamPains, "pain")
router.register("features", TeamFeatures, "feature")

_known = [IsAuthenticated]

urlpatterns = [
    path("", include(router.urls)),
    path("search/", TeamSearch.as_view(), name="search"),
    path("token/", OwnToken.as_view(), name="token"),
    path("schema/", SpectacularAPIView.as_view(permission_classes=_known), name="schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api:schema", permission_classes=_known),
        name="docs",
    ),
]
