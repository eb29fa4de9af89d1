"""How a shot is filmed: framing, movement, where each character stands, pose and expression."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

__all__ = ["boxes", "expression_of", "framing_of", "movement_of", "pose_of"]

_POSES_ZH = (
    ("fight", "交战|大战|厮杀|战到|战不|打斗|斗了|搏斗|刺去|砍去|砍|刺|劈|打来|打去|挺枪|挥刀|舞刀|拔剑|迎敌|交锋|冲杀|一拳|一棒|一刀|一枪|扭打"),
    ("ride", "上马|骑着|骑马|拍马|勒马|纵马|飞马|策马|跃马|马上|催马|出马|骑"),
    ("kneel", "跪|叩头|磕头|叩首|俯伏|伏地|拜伏|下拜|拜倒"),
    ("bow", "作揖|拱手|行礼|施礼|躬身|鞠躬|抱拳|稽首|拜谢|再拜|合掌|唱喏|打个问讯|长揖"),
    ("lie", "躺|睡|卧|昏倒|倒地|晕倒|死于|气绝|病重|倒在"),
    ("write", "写|题诗|题了|挥毫|批阅|修书|作书|记下|签"),
    ("run", "奔|跑|逃|飞奔|赶来|追|冲|急走|闪身|疾行"),
    ("point", "指着|指道|指点|手指|以鞭指|戟指|遥指"),
    ("sit", "坐|饮酒|吃饭|喝茶|赴宴|设宴|对饮|入席|用膳|下棋|弈棋"),
    ("walk", "走|行至|行到|前行|来到|出门|进门|入内|上前|向前|步|迎|离开|转身|登|入见|出迎|去了"),
    ("hold", "拿|捧|执|举|提着|端着|抱|接过|取出|掏出|握|持|抓"),
)  # fmt: skip
_POSES_EN = (
    ("fight", r"fought|fight|struck|hit|attacked|stabbed"), ("ride", r"rode|riding|horseback|mounted"),
    ("kneel", r"knelt|kneeling|kneel"), ("bow", r"bowed|bowing|curtsey\w*"),
    ("lie", r"lay|lying|asleep|slept|fainted"), ("write", r"wrote|writing|write"),
    ("run", r"ran|running|run|hurried|rushed|fled|chased"), ("point", r"pointed|pointing"),
    ("sit", r"sat|sitting|seated|sit"), ("walk", r"walked|walking|went|came|followed|turned|stepped|wandered"),
    ("hold", r"held|holding|took|carried|picked|drew"),
)  # fmt: skip
_EXPRESSIONS_ZH = (
    ("happy", "大笑|笑|大喜|欢喜|喜悦|高兴|欣然|喜不自胜|乐|开心|兴奋|欣慰"),
    ("angry", "大怒|怒|骂|喝道|大喝|恨|气愤|恼|咬牙|呵斥|叱|咆哮|愤"),
    ("sad", "哭|泣|流泪|垂泪|落泪|泪|悲|哀|伤心|叹|凄|忧|愁"),
    ("surprised", "大惊|惊|吃了一惊|愕然|诧异|惊讶|愣|怔|目瞪口呆|骇"),
    ("afraid", "惧|怕|恐|慌|战兢|颤抖|发抖|魂飞|胆战|失色"),
    ("determined", "誓|必当|定要|决意|毅然|慨然|奋|坚定|坚决|一定要"),
    ("thoughtful", "沉吟|寻思|暗想|思忖|思量|想道|自思|踌躇|沉思|心中|暗暗|皱眉|若有所思"),
)  # fmt: skip
_EXPRESSIONS_EN = (
    ("happy", r"laugh\w*|smil\w*|glad|delight\w*|happy|cheer\w*|grin\w*|joy\w*"),
    ("angry", r"angr\w*|furious\w*|rage|shout\w*|growl\w*|savage\w*|fury|indignant\w*|roared"),
    ("sad", r"cr(?:y|ied|ying)|tears|sob\w*|sad\w*|sigh\w*|wept|sorrow\w*|melancholy|mournful\w*"),
    ("surprised", r"surpris\w*|astonish\w*|amaz\w*|startled|stared"),
    ("afraid", r"afraid|fright\w*|fear\w*|terrif\w*|trembl\w*|timid\w*|alarm\w*|nervous\w*"),
    ("determined", r"determined|resolved|firmly|decided\w*"),
    ("thoughtful", r"thought\w*|wonder\w*|consider\w*|ponder\w*"),
)  # fmt: skip
_MOVES_ZH = (
    ("track", "奔|追|赶|骑|飞马|跑|行至|一路|前行|冲"),
    ("tilt", "抬头|仰望|仰天|俯视|低头|从天|云端|空中|跳起|半空"),
    ("push_in", "上前|近前|走近|凑近|仔细|定睛|看时|细看|逼近|凝视|盯着"),
    ("pull_out", "离去|去了|辞别|告辞|远去|散去|退去|回去|走远|消失|而去"),
)  # fmt: skip
_MOVES_EN = (
    ("track", r"ran|running|hurried|rode|chased|followed|flew"),
    ("tilt", r"looked up|looked down|upwards|downwards|overhead|fell"),
    ("push_in", r"approached|closer|nearer|looked at|stared|peeped|noticed"),
    ("pull_out", r"left|went away|departed|vanished|disappeared|walked off"),
)  # fmt: skip


_SPACE = re.compile(r"\s+")
_CLAUSE_END = re.compile(r"[，。；！？、,.;!?]|\s(?=\S)")


def _table(
    groups: Sequence[tuple[str, str]], english: bool
) -> tuple[re.Pattern[str], tuple[str, ...]]:
    edge = r"\b" if english else ""
    # A set of first characters passes over most places at once.
    firsts = (
        ""
        if english
        else f"(?=[{''.join(sorted({w[0] for _, ws in groups for w in ws.split('|')}))}])"
    )
    body = "|".join(f"(?P<g{i}>{edge}(?:{words}){edge})" for i, (_, words) in enumerate(groups))
    return re.compile(f"{firsts}(?:{body})", re.IGNORECASE if english else 0), tuple(
        value for value, _ in groups
    )


_POSES = {False: _table(_POSES_ZH, False), True: _table(_POSES_EN, True)}
_EXPRESSIONS = {False: _table(_EXPRESSIONS_ZH, False), True: _table(_EXPRESSIONS_EN, True)}
_MOVES = {False: _table(_MOVES_ZH, False), True: _table(_MOVES_EN, True)}


def _first(table: tuple[re.Pattern[str], tuple[str, ...]], words: str) -> str:
    match = table[0].search(words) if words else None
    return table[1][int(str(match.lastgroup)[1:])] if match else ""


def pose_of(words: str, speaks: bool, english: bool) -> str:
    """The pose that the narrative words about somebody tell; talk or stand where they do not."""
    return _first(_POSES[english], words) or ("talk" if speaks else "stand")


def expression_of(words: str, english: bool) -> str:
    """The expression that the narrative words about somebody tell, else neutral."""
    return _first(_EXPRESSIONS[english], words) or "neutral"


def movement_of(words: str, *, opening: bool, framing: str, emotional: bool, english: bool) -> str:
    """Camera movement: pan over an opening, else what the words ask for, else static."""
    if opening and framing in ("extreme_long", "long"):
        return "pan"
    told = _first(_MOVES[english], words)
    if told:
        return told
    return "push_in" if emotional and framing in ("close_up", "medium_close_up") else "static"


def framing_of(
    *, people: int, speakers: int, opening: bool, poses: Sequence[str], emotional: bool, turn: int
) -> str:
    """景别: wide to open a scene, close for one who speaks or feels, full for bodies that move."""
    if not people:
        return "extreme_long" if opening else "long"
    if opening and not speakers:
        return "long"
    if any(pose in ("fight", "ride", "run") for pose in poses):
        return "full" if people <= 3 else "long"
    if people == 1:
        if emotional:
            return "close_up"
        if speakers:
            return "medium_close_up" if turn % 3 else "medium"
        return "medium" if turn % 2 else "full"
    if people == 2:
        # Two who talk: now and then nearer, over a shoulder; two who do something: from further off.
        nearer, further = (speakers and turn % 3 == 1), (not speakers and turn % 2)
        return (
            "medium_close_up"
            if nearer or (emotional and speakers)
            else ("full" if further else "medium")
        )
    return "full" if people <= 4 else "long"


_HEIGHTS = {
    "extreme_long": 0.28, "long": 0.46, "full": 0.78, "medium": 0.84, "medium_close_up": 0.9,
    "close_up": 0.96, "extreme_close_up": 1.0,
}  # fmt: skip
_WIDTHS = {
    "extreme_long": 0.1, "long": 0.16, "full": 0.26, "medium": 0.4, "medium_close_up": 0.5,
    "close_up": 0.64, "extreme_close_up": 0.9,
}  # fmt: skip


def boxes(count: int, framing: str, side: int = 0) -> list[list[float]]:
    """x, y, width, height in 0..1 for `count` characters from left to right, not overlapping.

    `side` is -1 or 1 for one character alone who faces somebody out of the frame: who stands on
    the left of a dialogue stays left of the middle (the 180° line).
    """
    return [list(box) for box in _boxes(count, framing, side)]


@lru_cache(maxsize=1024)
def _boxes(count: int, framing: str, side: int) -> tuple[tuple[float, ...], ...]:
    height = _HEIGHTS[framing]
    top = round(1.0 - height, 4)
    width = min(_WIDTHS[framing], 0.94 / max(1, count))
    found = []
    for slot in range(count):
        centre = 0.5 + 0.1 * side if count == 1 else (slot + 0.5) / count
        left = min(max(centre - width / 2, 0.0), 1.0 - width)
        found.append((round(left, 4), top, round(width, 4), round(height, 4)))
    return tuple(found)


def summary_words(words: str, limit: int) -> str:
    """The first clauses of `words`, at most about `limit` characters."""
    words = _SPACE.sub(" ", words).strip(' \u3000，。；、：:,;“”"「」『』—-')
    if len(words) <= limit:
        return words
    ends = [m.start() for m in _CLAUSE_END.finditer(words, 0, limit + 1)]
    return words[: ends[-1] if ends and ends[-1] >= limit // 3 else limit]


def slots(order: dict[str, int], seen: Sequence[str]) -> list[str]:
    """`seen` from left to right: everybody keeps the side that the scene gave them."""
    return sorted(seen, key=lambda who: (order.get(who, 99), who))


def scene_order(entries: Sequence[str]) -> dict[str, int]:
    """Sides for a scene, by who comes in first: left, right, then the middle between them."""
    unique: list[str] = list(dict.fromkeys(entries))
    ranked: dict[str, Any] = {}
    for position, who in enumerate(unique):
        # first left, second right, the others between and then outside
        ranked[who] = {0: 0, 1: 100}.get(
            position, 10 + 2 * position if position % 2 else 60 + position
        )
    return ranked
