"""What columns of lists are called, and when two names, handles or platforms are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from crm.bills.sheets import normal_name

LONGEST_NAME = 24
FIELDS: tuple[str, ...] = (
    "name",
    "handle",
    "platform",
    "tier",
    "followers",
    "income_minor",
    "contact",
    "city",
    "language",
    "status",
    "joined_on",
    "payer_name",
    "note",
)
# Words in the names of columns, by the field they are for; whole names before parts of them.
_HINTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("payer_name", ("付款人", "付款名", "付款户名", "账单名", "开票名", "发票抬头", "户名", "payername", "payer")),
    ("handle", ("账号id", "平台账号", "主页id", "handle", "username", "账号", "帐号", "uid", "id")),
    ("followers", ("粉丝数", "粉丝量", "粉丝", "关注者", "订阅数", "followers", "subscribers", "fans")),
    ("income_minor", ("月收入", "收入", "月入", "income", "revenue", "earnings")),
    ("platform", ("主要平台", "平台", "渠道", "platform", "channel", "site")),
    ("tier", ("层级", "分层", "级别", "等级", "tier", "level", "segment")),
    ("contact", ("联系方式", "联系", "微信", "手机", "电话", "邮箱", "contact", "email", "e-mail", "wechat", "phone", "mobile")),
    ("city", ("城市", "所在地", "地区", "city", "location")),
    ("language", ("语言", "语种", "language", "lang")),
    ("status", ("状态", "status", "state")),
    ("joined_on", ("认识日期", "加入日期", "入库日期", "建联日期", "日期", "knownsince", "joined", "since", "date")),
    ("note", ("备注", "说明", "简介", "note", "remark", "comment", "bio")),
    ("name", ("笔名", "创作者", "昵称", "作者", "达人", "博主", "姓名", "名称", "名字", "creator", "author", "nickname", "penname", "name")),
)  # fmt: skip
_PLATFORMS = {
    "bilibili": ("b站", "哔哩哔哩", "bilibili", "哔站", "bili"),
    "douyin": ("抖音", "douyin"),
    "tiktok": ("tiktok",),
    "xiaohongshu": ("小红书", "xhs", "xiaohongshu", "red", "rednote"),
    "kuaishou": ("快手", "kuaishou", "kwai"),
    "channels": ("视频号", "微信视频号", "wechatchannels"),
    "weibo": ("微博", "新浪微博", "weibo"),
    "zhihu": ("知乎", "zhihu"),
    "gongzhonghao": ("公众号", "微信公众号"),
    "youtube": ("youtube", "油管", "yt"),
    "instagram": ("instagram", "ins", "ig"),
    "x": ("x", "twitter", "推特"),
}
_ALIASES = {alias: key for key, aliases in _PLATFORMS.items() for alias in aliases}
_SIMPLER = str.maketrans(
    "筆絲帳號聯繫絡語狀態備註暱稱層級達主頁電話郵箱認識說創訂閱關簡介額戶單",
    "笔丝帐号联系络语状态备注昵称层级达主页电话邮箱认识说创订阅关简介额户单",
)
_APART = re.compile(r"[\s\W_]+")


def guess(names: Sequence[str]) -> dict[str, str]:
    """A first mapping, column → field, from what the columns are called."""
    found: dict[str, str] = {}
    for exact in (True, False):
        for field, hints in _HINTS:
            if field in found.values():
                continue
            for hint in hints:
                fitting = [
                    name for name in names if name and name not in found and _is(name, hint, exact)
                ]
                if fitting:
                    found[fitting[0]] = field
                    break
    return {name: found[name] for name in names if name in found}


def _is(name: str, hint: str, exact: bool) -> bool:
    if len(name) > LONGEST_NAME:
        return False  # a sentence, so no column is called so
    plain = re.sub(r"\(.*?\)$", "", normal_name(name)).strip("*:").translate(_SIMPLER)
    if exact or (len(hint) < 3 and hint.isascii()):  # "id" is in many a word
        return plain == hint
    return hint in plain


def name_key(name: str) -> str:
    """A pen name without width, case, blanks and signs: `墨 白` and `墨白·` are one."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return _APART.sub("", plain) or plain.strip()


def handle_key(handle: str) -> str:
    """A handle without the @ and case."""
    return unicodedata.normalize("NFKC", handle).strip().casefold().removeprefix("@")


def platform_key(platform: str) -> str:
    """One word for a platform however it is called."""
    plain = name_key(platform)
    return _ALIASES.get(plain, plain)
