"""What people call the browser and the machine behind a `User-Agent`: “Chrome · Windows”.

Browsers name each other in that header, so the order decides: who builds on another comes first.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# A part of the header → the name. Names that are the same in every language stay as they are.
BROWSERS = (
    ("micromessenger/", _("WeChat")),
    ("dingtalk/", _("DingTalk")),
    ("lark/", _("Feishu")),
    ("qqbrowser/", _("QQ Browser")),
    ("ucbrowser/", _("UC Browser")),
    ("quark/", _("Quark")),
    ("miuibrowser/", _("Xiaomi Browser")),
    ("huaweibrowser/", _("Huawei Browser")),
    ("samsungbrowser/", "Samsung Internet"),
    ("edg/", "Edge"),
    ("edga/", "Edge"),
    ("edgios/", "Edge"),
    ("opr/", "Opera"),
    ("fxios/", "Firefox"),
    ("firefox/", "Firefox"),
    ("crios/", "Chrome"),
    ("chrome/", "Chrome"),
    ("safari/", "Safari"),
)
MACHINES = (
    ("openharmony", _("HarmonyOS")),
    ("harmonyos", _("HarmonyOS")),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("cros", "ChromeOS"),
    ("mac os x", "macOS"),
    ("linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """Browser and machine as a reader knows them; what names neither is called unknown."""
    said = user_agent.lower()
    parts = [_first(BROWSERS, said), _first(MACHINES, said)]
    return " · ".join(part for part in parts if part) or gettext("Unknown browser")


def _first(names: tuple[tuple[str, object], ...], said: str) -> str:
    return next((str(name) for part, name in names if part in said), "")
