"""Characters that tell names from other words."""

from __future__ import annotations

__all__ = ["BAD_FIRST", "BAD_LAST", "FOLLOWERS", "RARE_AS_NAME", "THINGS"]

# Surnames that stand at the start of a clause mostly as verbs and particles, or as things.
RARE_AS_NAME = frozenset(
    "莫那都全满安何于时能应从成须闻束饶管幸连越齐武别单解计查多当经通容谈谢方相盖须得有如终步居平阎封来支"
    "任堵却可令使宣言问向空且冷冲印习广隆蒙蔽充利便索曲牧年初爱商"
)
THINGS = frozenset(
    "黄白金石花山水云木钟马高龙牛羊鱼凤童左席路江万祖师国公车宫家东古文明宁祝雷毛叶寿柏松柳桂桑景宝房农乌巫弓谷凌"
)
# No name begins with these, and none ends with those.
BAD_FIRST = frozenset(
    "一二两三四五六七八九十百千万几众诸各每多此其那这某何谁我你他她它吾汝尔彼又却则且若虽但把被将令使对向与往从"
)
BAD_LAST = frozenset(
    "其叱曰道说问的了着过是在不也又把被之者上下中里外内前后时间声心口手头眼面身言语话事处边闻见听看来去得个家很太更最真已曾正被把有没无会能要想将与及或并且"
)
# A character after a name that begins a verb or a particle: 林清说 is no longer name than 林清.
FOLLOWERS = frozenset(
    "曰道说问笑看想走站坐点摇的是在不也又把被从向对和与一没有见听大怒喜忙令引乃遂即自亦急入出至到回归上"
    "下拜谢骂喝叫唤呼命使遣差拔挺拍纵勒奔之欲既已方了着过来去才便就却只都还将要会能可无非此其为以于而且"
    "接拿拉推转抬低皱叹哭喊应答点伸指望盯愣沉微冷淡轻缓慢从举放端靠倚蹲躺抱挥这那我你他她它们兄弟等勿皆欲"
)
