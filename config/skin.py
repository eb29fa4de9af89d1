"""How the admin looks: unfold's settings, the navigation by rooms, colours, our own stylesheet."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse_lazy
from django.utils.translation import gettext_lazy as _


def _item(title: Any, icon: str, name: str) -> dict[str, Any]:
    return {
        "title": title,
        "icon": icon,
        "name": name,
        "link": reverse_lazy(f"admin:{name}"),
        "active": lambda request: _here(request, name),
    }


def _here(request: HttpRequest, name: str) -> bool:
    """Whether the item is where the visitor is: of nested addresses the longest counts."""
    links = _addresses(get_script_prefix())
    around = [link for link in links.values() if request.path.startswith(link)]
    return bool(around) and max(around, key=len) == links[name]


@cache
def _addresses(prefix: str) -> dict[str, str]:
    """The items' addresses by name, looked up once for each place that the site is mounted at."""
    return {
        item["name"]: str(item["link"])
        for section in UNFOLD["SIDEBAR"]["navigation"]
        for item in section["items"]
        if "name" in item
    }


def _on_money(request: HttpRequest) -> bool:
    """The pages of the money lie below two models; only their own line is lit."""
    return "/money/" in request.path


def _on_needs(request: HttpRequest) -> bool:
    return "/insights/need/" in request.path and not _on_money(request)


def _script(request: HttpRequest) -> str:
    return static("pingju/admin.js")


def _stylesheet(request: HttpRequest) -> str:
    return static("pingju/admin.css")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Pingju"),
    "SITE_HEADER": _("Pingju · evidence first"),
    "SITE_SUBHEADER": _("No evidence, no project"),
    "SITE_SYMBOL": "fact_check",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("pingju/logo.svg"),
        }
    ],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "LANGUAGE_FLAGS": {"zh-hans": "中", "en": "EN"},
    "LANGUAGES": {"action": reverse_lazy("set_language")},
    "DASHBOARD_CALLBACK": "config.dashboard.dashboard",
    "STYLES": [_stylesheet],
    "SCRIPTS": [_script],
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "primary": {
            "50": "#fff6ed", "100": "#ffead4", "200": "#ffd0a8", "300": "#ffae70",
            "400": "#ff8137", "500": "#f95f10", "600": "#c5450a", "700": "#b9340b",
            "800": "#932b11", "900": "#762612", "950": "#401007",
        },
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": [
            {
                "title": _("People"),
                "items": [
                    {"title": _("Overview"), "icon": "dashboard", "link": reverse_lazy("admin:index")},
                    _item(_("Creators"), "group", "crm_creator_changelist"),
                    _item(_("Segments"), "filter_alt", "crm_segment_changelist"),
                    _item(_("Lists imported"), "upload_file", "crm_creatorimport_changelist"),
                    _item(_("Tiers proposed"), "rule", "crm_tier_proposals"),
                    _item(_("Duplicates"), "group_work", "crm_duplicates"),
                    _item(_("Interviews"), "forum", "crm_interview_changelist"),
                    _item(_("Invitations"), "key", "crm_logininvitation_changelist"),
                    _item(_("Studies"), "science", "crm_study_changelist"),
                    _item(_("Consents"), "how_to_reg", "crm_consent_changelist"),
                    _item(_("Withdrawals"), "gpp_maybe", "crm_redaction_changelist"),
                    _item(_("Told to creators"), "notifications", "crm_noticedelivery_changelist"),
                    _item(_("Search what was said"), "search", "insights_search"),
                    _item(_("Ask what was said"), "contact_support", "insights_ask"),
                ],
            },
            {
                "title": _("Evidence"),
                "items": [
                    _item(_("Codebook"), "account_tree", "insights_codebook"),
                    _item(_("Pain points"), "healing", "insights_painpoint_changelist"),
                    _item(_("Quotes"), "format_quote", "insights_evidence_changelist"),
                    _item(_("Told in the portal"), "campaign", "insights_painreport_changelist"),
                    {
                        **_item(_("Ratings and prices"), "star", "insights_need_changelist"),
                        "active": _on_needs,
                    },
                    _item(_("Exchange"), "sync_alt", "insights_exchange"),
                    _item(_("Assistants"), "assistant", "insights_assistants"),
                    _item(_("Payments"), "payments", "crm_payment_changelist"),
                    {
                        "title": _("What the money says"),
                        "icon": "monitoring",
                        "link": reverse_lazy("admin:insights_money", args=["rates"]),
                        "active": _on_money,
                    },
                    _item(_("Who paid?"), "person_search", "crm_payment_queue"),
                    _item(_("Bill imports"), "receipt_long", "crm_paymentimport_changelist"),
                    _item(_("Reconciliations"), "balance", "crm_reconciliation_changelist"),
                    _item(_("Providers' notices"), "webhook", "crm_providerevent_changelist"),
                    _item(_("Refused notices"), "gpp_bad", "crm_refusednotice_changelist"),
                ],
            },
            {
                "title": _("Statistics"),
                "items": [
                    _item(_("Pain landscape"), "scatter_plot", "insights_landscape"),
                    _item(_("Ranking by tier"), "leaderboard", "insights_ranking"),
                    _item(_("Saturation"), "show_chart", "insights_saturation"),
                    _item(_("AI by workflow step"), "grid_on", "insights_penetration"),
                    _item(_("AI tools by tier"), "construction", "insights_tools"),
                    _item(_("Effort by workflow step"), "timer", "insights_steps"),
                    _item(_("Price sensitivity"), "sell", "insights_prices"),
                    _item(_("Agreement of coders"), "handshake", "insights_agreement"),
                    _item(_("Second coding"), "visibility_off", "insights_rounds"),
                    _item(_("Shared links"), "link", "insights_shares"),
                ],
            },
            {
                "title": _("What we build"),
                "items": [
                    _item(_("Monetisation alarm"), "notifications_active", "generation_alarm"),
                    _item(_("Board"), "view_kanban", "generation_board"),
                    _item(_("Map: pain and pipeline"), "grid_on", "generation_map"),
                    _item(_("Features"), "extension", "generation_feature_changelist"),
                    _item(_("Votes of creators"), "how_to_vote", "generation_votes"),
                    _item(_("Gate"), "door_front", "generation_gatepolicy_changelist"),
                    _item(_("Calibration"), "track_changes", "generation_calibration"),
                    _item(_("Cases"), "insights", "generation_projectcase_changelist"),
                    _item(_("Prompt library"), "edit_note", "generation_prompttemplate_changelist"),
                    _item(_("Evaluations"), "science", "generation_evaluation_changelist"),
                    _item(_("Pipeline runs"), "movie", "generation_run_changelist"),
                    _item(_("Batches of pictures"), "photo_library", "generation_framejob_changelist"),
                    _item(_("Tasks of the studio"), "task_alt", "generation_studiotask_changelist"),
                    _item(_("Novels"), "menu_book", "generation_novel_changelist"),
                ],
            },
            {
                "title": _("House"),
                "items": [
                    _item(_("Tier rules"), "stairs", "crm_tierrule_changelist"),
                    _item(_("Logins"), "person", "crm_user_changelist"),
                    _item(_("Audit trail"), "history", "crm_auditentry_changelist"),
                    _item(_("Token use"), "data_usage", "engines_use"),
                    _item(_("Paid calls"), "toll", "engines_paidcall_changelist"),
                    _item(_("Plans"), "sell", "crm_plan_changelist"),
                    _item(_("Orders of plans"), "shopping_cart", "crm_planorder_changelist"),
                    _item(_("Exchange rates"), "currency_exchange", "crm_exchangerate_changelist"),
                    _item(_("Calls in doubt"), "help", "engines_in_doubt"),
                    _item(_("Budgets"), "savings", "engines_budget_changelist"),
                    _item(_("Prices of engines"), "sell", "engines_price_changelist"),
                    _item(_("Picture templates"), "tune", "engines_picturetemplate_changelist"),
                    _item(_("Health of engines"), "monitor_heart", "engines_enginehealth_changelist"),
                ],
            },
        ],
    },
}  # fmt: skip
