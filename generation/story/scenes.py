"""Scenes of a chapter: where they change, and the place, time and weather of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["is_interior", "leaps", "period_of", "scene_cuts", "setting_of"]

_MINIMUM = {"zh": 220, "en": 600}
# So soon may a scene end where a sentence opens at another place: 大殿里，
_NEAREST = {"zh": 70, "en": 300}
_MAXIMUM = {"zh": 3_500, "en": 9_000}
_SEPARATOR = re.compile(r"\n[ \t\u3000]*(?:[*＊※☆★◇◆~～=＝#·—-][ \t\u3000]*){3,}\n\s*")
_OPENS_ZH = re.compile(
    r"[\s“「『\"]*(?:却说|且说|话说|再说|单说|且表|单表|话分两头|按下|不说|不题|次日|翌日|明日天明|隔日|"
    r"第[二三四五六七八九十]+天|[一二三四五六七八九十两几数半]+(?:天|日|年|个?月|载|个时辰|个?小时|分钟|周|个?星期)(?:之)?后|"
    r"当[晚夜日天]|是[夜日晚]|这[一]?[天日晚夜]|那[一]?[天日晚夜]|第二天|傍晚|入夜|深夜|半夜|清晨|黎明|天亮|天明|早上|中午|下午|晚上|"
    r"不一日|不数日|过了(?:几|数|一|两|三|半)|不久|很快|转眼|与此同时|同一时间|另一边|另一头|此时此刻|多年以?后|"
    r"回到|来到|到了|行至|行到|正行间|忽一日|一日[，,])"
)
_OPENS_EN = re.compile(
    r"[\s“\"‘]*(?:The next|Next (?:day|morning)|That (?:night|evening|afternoon|morning)|"
    r"(?:Two|Three|Four|Five|Six|Seven|A few|Several|Many|Some) (?:hours?|days?|weeks?|months?|"
    r"years?|minutes?) (?:later|after)|Later(?: that|,)|Meanwhile|The following|At (?:dawn|dusk|"
    r"noon|midnight|last)|By (?:the time|morning|evening|nightfall)|When (?:they|he|she) (?:reached|"
    r"arrived|came)|One (?:day|morning|night|evening)|In the (?:morning|evening|afternoon))"
)
_LEAPS_ZH = re.compile(
    r"[\s“「『\"]*(?:却说|且说|话说)?(?:话分两头|次日|翌日|明日|隔日|第[二三四五六七八九十]+天|不一日|不数日|多年以?后|忽一日|一日[，,]|"
    r"[一二三四五六七八九十两几数半]+(?:天|日|年|个?月|载|周|个?星期)(?:之)?后|过了(?:几|数|一|两|三|半)(?:天|日|年|个?月)|与此同时|另一边|另一头)"
)
_LEAPS_EN = re.compile(
    r"[\s“\"‘]*(?:The next|Next (?:day|morning)|(?:Two|Three|Four|Five|Six|Seven|A few|Several|Many|Some) "
    r"(?:days?|weeks?|months?|years?) (?:later|after)|Meanwhile|The following|One (?:day|morning|night|evening))"
)
_PLACES_ZH: tuple[tuple[str, str], ...] = (
    ("战场 阵前 阵中 两军 沙场", "battlefield"),
    (
        "大殿 宝殿 金殿 正殿 殿上 殿前 宫殿 宫中 宫门 宫里 皇宫 王宫 龙宫 天宫 朝堂 金銮殿 灵霄殿 凌霄殿 后宫 殿",
        "palace",
    ),
    (
        "大堂 厅堂 正厅 大厅 厅上 堂上 客厅 厅 法院 剧院 剧场 电影院 会场 礼堂 商场 体育馆 博物馆 展厅 机场 候机厅 候车室 酒店大堂",
        "hall",
    ),
    (
        "书房 书斋 办公室 教室 图书馆 学院 学校 教学楼 书店 幼儿园 研究院 研究所 实验室 会议室 考场 机房",
        "study",
    ),
    (
        "客栈 酒店 酒楼 酒馆 茶馆 旅店 饭店 宾馆 旅馆 餐馆 饭馆 民宿 店中 店里 餐厅 咖啡馆 咖啡厅 酒吧",
        "inn",
    ),
    ("寺 庙 庵 寺院 禅院 道观 观中 祠 教堂", "temple"),
    ("洞府 洞中 洞里 洞口 洞门 山洞", "cave"),
    ("庭院 院子 后园 花园 院中 院里 园中 天井", "courtyard"),
    ("大营 营中 营寨 帐中 帐下 帐前 寨中 中军 军营 营 寨", "camp"),
    ("城门 山门 大门 门口 门前 门外 关下 关前", "gate"),
    ("船上 船中 舟中 船头 船舱 舟", "boat"),
    ("海边 海上 海中 大海 海面 海底 沙滩", "sea"),
    ("河边 江边 江上 江中 江岸 河岸 溪边 湖边 岸边 水边 渡口 桥上 桥边 江 河 溪 湖", "river"),
    ("云端 银河 太空 空中 半空 天上 南天门 天庭 云头", "sky"),
    ("林中 林子 树林 森林 竹林 林间", "forest"),
    ("山上 山中 山下 山前 山顶 山坡 山路 山林 山谷 岭上 峰顶 悬崖 山", "mountain"),
    (
        "天桥 立交桥 高架桥 停车场 市场 夜市 路口 街上 街头 大街 街道 巷口 小巷 街 巷 路边 马路 集市",
        "street",
    ),
    ("操场 球场 牧场 田间 田野 田里 田地 村口 村里 庄上 庄前 庄外 庄 村", "field"),
    ("平原 草原 旷野 荒野 原野", "plain"),
    (
        "舰桥 驾驶舱 机舱 控制室 飞船 车厢 电梯 地下室 医院 急诊室 手术室 休息室 更衣室 便利店 商店 超市 大楼 写字楼 楼里 公寓 别墅 牢房 房中 房间 屋里 屋内 卧室 房里 内室 后堂 家中 家里 屋中 室内 病房 宿舍 厨房 车里 车内 府中 衙门 衙",
        "room",
    ),
    ("上海 珠海 威海 城中 城里 城内 城外 城下 城上 都城 洛阳 长安 京城 市里 城", "city"),
)
_PLACES_EN: tuple[tuple[str, str], ...] = (
    ("battlefield", "battlefield"), ("palace throne court", "palace"),
    ("hall ballroom courtroom courthouse theatre theater museum gallery airport lobby", "hall"),
    ("study library office classroom school schoolroom laboratory lab bookshop bookstore", "study"),
    ("inn tavern pub hotel cafe café restaurant diner bar coffee-house", "inn"),
    ("church temple abbey chapel cathedral monastery", "temple"), ("cave cavern tunnel rabbit-hole well", "cave"),
    ("garden courtyard yard lawn park", "courtyard"), ("camp tent", "camp"), ("gate doorway porch", "gate"),
    ("boat ship deck", "boat"), ("sea beach shore ocean harbour harbor pier dock quay", "sea"),
    ("river stream pool lake riverbank bridge", "river"), ("sky clouds", "sky"),
    ("wood woods forest trees", "forest"), ("mountain hill cliff", "mountain"),
    ("street road lane alley pavement sidewalk square market", "street"), ("field meadow farm", "field"),
    ("plain moor heath", "plain"),
    ("hospital ward clinic corridor passage hallway shop store supermarket bakery prison cell jail dungeon apartment flat "
     "carriage train taxi car elevator lighthouse tower cabin hut attic cellar basement "
     "room bedroom kitchen parlour parlor drawing-room dining-room living-room bathroom house cottage", "room"),
    ("city town village", "city"),
)  # fmt: skip
_INTERIOR = frozenset(["hall", "room", "palace", "inn", "temple", "cave", "study"])
_TIMES_ZH = (
    ("dawn", "黎明 清晨 拂晓 天明 天亮 清早 早晨 平明 五更 天色微明"),
    ("dusk", "黄昏 傍晚 日落 天色将晚 天晚 薄暮 夕阳 日暮"),
    (
        "night",
        "凌晨 夜里 深夜 半夜 当夜 是夜 月光 三更 二更 初更 四更 夜间 夜半 晚上 入夜 灯下 月下 今夜 夜色 星空 当晚",
    ),
    ("day", "白天 中午 正午 午后 下午 早上 日间 白日 上午 阳光 次日"),
)
_TIMES_EN = (
    ("dawn", "dawn sunrise daybreak"), ("dusk", "dusk sunset twilight"),
    ("night", "night midnight moonlight moon evening candlelight"),
    ("day", "morning noon afternoon sunshine sunlight"),
)  # fmt: skip
_WEATHER_ZH = (
    ("snow", "大雪 下雪 下着雪 雪下 雪花 风雪 雪地 飞雪 冒雪"), ("rain", "大雨 下雨 雨下 下着雨 夜雨 雨夜 雨声 淋雨 雨丝 雨点 阵雨 小雨 细雨 暴雨 雨中 冒雨 骤雨 雨水 雷雨 秋雨 春雨"),
    ("fog", "大雾 浓雾 雾气 迷雾 晨雾"), ("wind", "狂风 大风 风很大 风大 北风 寒风 阴风 秋风"),
)  # fmt: skip
_WEATHER_EN = (
    ("snow", "snow snowing"),
    ("rain", "rain raining storm"),
    ("fog", "fog mist"),
    ("wind", "windy gale"),
)
_CROWD_ZH = re.compile(
    r"众人|众将|众官|诸将|百姓|大军|军士|人群|满堂|群臣|众僧|众妖|众猴|人马|文武"
)
_CROWD_EN = re.compile(r"\b(?:crowd|people|everybody|army|soldiers|guests|jury)\b", re.IGNORECASE)
_NAMED_PLACE = re.compile(
    r"(?:来到|到了|到得|走进|走到|进了|走出|推开|冲进|跑进|闯进|回了|回到|赶到|行至|行到|径到|直至|径至|径往|径投|直到|至|到|入|在|奔|赴|投|出|望)"
    r"了?(?:[那这一]?[家间座个所栋条处]|[那这])?(?P<name>(?!了|着|这|那|此|其|他|她|我|你)[一-龥]{1,4}?(?:山|洞|城|州|府|县|国|寺|庙|江|河|关|寨|村|庄|宫|殿|楼|桥|湖|海|岛|"
    r"岭|谷|镇|店|园|阁|观|堂|厅|房|院|街|巷|公司|医院|学校|酒店|车站|大厦|广场|营|帐|渡|亭|林|坡|口))"
    r"(?=[，。、；！？上下中里内外前后去来见看的\s“])"
)
_PERIODS = (
    ("scifi", "飞船 机器人 星舰 宇宙飞船 人工智能 太空 激光 星球 spaceship robot starship galaxy"),
    (
        "fantasy",
        "妖精 妖怪 神仙 法宝 修炼 灵气 菩萨 仙人 魔法 灵根 筑基 金丹 狐妖 封印 剑灵 灵剑 飞剑 修仙 宗门 咒语 念咒 "
        "wizard magic dragon unicorn",
    ),
    (
        "modern",
        "手机 电脑 汽车 公司 电话 地铁 出租车 微信 电视 咖啡 警察 飞机 医院 护士 car cars phone telephone computer laptop "
        "email television taxi subway elevator airport truck",
    ),
    (
        "classical",
        "曰 寡人 陛下 将军 丞相 老爷 公子 军师 朕 太守 银子 carriage gentleman king queen lord knight",
    ),
)


def scene_cuts(
    text: str,
    folded: str,
    start: int,
    end: int,
    sentences: Sequence[int],
    *,
    english: bool,
) -> list[int]:
    """Starts of the scenes of a chapter after the first one, rising, strictly inside it.

    A scene opens after a line of asterisks, or where a sentence leaps in time or place; it has a
    least length, and past a greatest one it ends with a paragraph or a sentence.
    """
    key = "en" if english else "zh"
    minimum, maximum = _MINIMUM[key], _MAXIMUM[key]
    opens = _OPENS_EN if english else _OPENS_ZH
    nearest = _NEAREST["en" if english else "zh"]
    forced = {m.end() for m in _SEPARATOR.finditer(text, start, end) if start < m.end() < end}
    cuts: list[int] = []
    last = start
    for cut in sorted({*sentences, *forced}):
        if (
            cut in forced
            or (cut - last >= minimum and opens.match(folded, cut) and end - cut >= 60)
            or (cut - last >= nearest and _elsewhere(folded, cut, english) and end - cut >= 60)
            or (cut - last >= maximum and end - cut >= minimum)
        ):
            cuts.append(cut)
            last = cut
    return cuts


def _compile(groups: Sequence[tuple[str, str]], english: bool) -> list[tuple[str, re.Pattern[str]]]:
    compiled = []
    for value, words in groups:
        alternatives = "|".join(re.escape(word) for word in words.split())
        pattern = rf"\b(?:{alternatives})\b" if english else f"(?:{alternatives})"
        compiled.append((value, re.compile(pattern, re.IGNORECASE if english else 0)))
    return compiled


_TIME_PATTERNS = {False: _compile(_TIMES_ZH, False), True: _compile(_TIMES_EN, True)}
_WEATHER_PATTERNS = {False: _compile(_WEATHER_ZH, False), True: _compile(_WEATHER_EN, True)}


def _place_pattern(
    groups: Sequence[tuple[str, str]], english: bool
) -> tuple[re.Pattern[str], dict[str, str]]:
    kinds = {word: kind for words, kind in groups for word in words.split()}
    ordered = sorted((w for w in kinds if english or len(w) > 1), key=lambda w: (-len(w), w))
    alternatives = "|".join(re.escape(word) for word in ordered)
    if english:
        return re.compile(
            rf"\b(?:in|into|at|on|to|through|by|across|of) (?:the|a|an|his|her|their) (?:\w+ )?({alternatives})\b",
            re.IGNORECASE,
        ), kinds
    return re.compile(f"({alternatives})"), kinds


_PLACE_PATTERNS = {False: _place_pattern(_PLACES_ZH, False), True: _place_pattern(_PLACES_EN, True)}


_OPENS_AT = re.compile(
    rf"[\s“「『\"]*[^，。！？；：、\s“”走进到在从向出回往推冲跑来去离过他她我你]{{0,6}}?(?:{'|'.join(word for words, _ in _PLACES_ZH for word in words.split() if len(word) > 1)})"
    r"(?:里|中|内|外|上|门口|里面|外面)?，"
)


def _elsewhere(folded: str, at: int, english: bool) -> bool:
    """Whether the paragraph at `at` opens by saying where it plays."""
    return (
        not english
        and "\n" in folded[max(0, at - 6) : at]
        and _OPENS_AT.match(folded, at) is not None
    )


def setting_of(text: str, folded: str, start: int, end: int, *, english: bool) -> dict[str, object]:
    """What [start, end) says of its place, time and weather; None for what it does not say.

    Keys: place (words of the text), place_type, time (words of the text), daytime, weather, crowd.
    """
    pattern, kinds = _PLACE_PATTERNS[english]
    place = place_type = None
    found = pattern.search(folded, start, end)
    if found:
        word = found[1].lower() if english else found[1]
        place, place_type = text[found.start(1) : found.end(1)], kinds[word]
    if not english and (named := _NAMED_PLACE.search(folded, start, end)):
        a, b = named.span("name")
        # A whole word (咖啡馆) that comes first stays; one that only says the kind gives way to a name.
        if not found or a <= found.start() + (200 if len(found[1]) < 3 else 0):
            place = text[a:b]
            place_type = _type_by_ending(folded[a:b], kinds) or place_type
    time, daytime = _first(_TIME_PATTERNS[english], text, folded, start, end)
    _, weather = _first(_WEATHER_PATTERNS[english], text, folded, start, end)
    crowd = (_CROWD_EN if english else _CROWD_ZH).search(folded, start, end) is not None
    return {
        "place": place,
        "place_type": place_type,
        "time": time,
        "daytime": daytime,
        "weather": weather,
        "crowd": crowd,
    }


def leaps(folded: str, start: int, *, english: bool) -> bool:
    """Whether the scene at `start` opens on another day, so that hour and weather begin anew."""
    return (_LEAPS_EN if english else _LEAPS_ZH).match(folded, start) is not None


def _first(
    patterns: Sequence[tuple[str, re.Pattern[str]]], text: str, folded: str, start: int, end: int
) -> tuple[str | None, str | None]:
    hits = [
        (match.start(), match.end(), value)
        for value, pattern in patterns
        if (match := pattern.search(folded, start, end))
    ]
    if not hits:
        return None, None
    at, stop, value = min(hits)
    return text[at:stop], value


_ENDINGS = {
    "山": "mountain", "岭": "mountain", "坡": "mountain", "谷": "mountain", "洞": "cave", "城": "city",
    "州": "city", "府": "city", "县": "city", "国": "city", "镇": "city", "寺": "temple", "庙": "temple",
    "观": "temple", "江": "river", "河": "river", "湖": "river", "渡": "river", "桥": "river",
    "关": "gate", "口": "gate", "寨": "camp", "营": "camp", "帐": "camp", "村": "field", "庄": "field",
    "宫": "palace", "殿": "palace", "楼": "inn", "店": "inn", "海": "sea", "岛": "sea", "园": "courtyard",
    "院": "courtyard", "亭": "courtyard", "阁": "hall", "堂": "hall", "厅": "hall", "房": "room",
    "街": "street", "巷": "street", "林": "forest", "司": "study", "校": "study", "场": "street",
    "站": "street", "厦": "room",
}  # fmt: skip


def _type_by_ending(place: str, kinds: dict[str, str]) -> str | None:
    # By its longest ending that has a meaning: a hospital (医院) is no courtyard (院).
    known = (kinds[place[-size:]] for size in range(len(place), 1, -1) if place[-size:] in kinds)
    return next(known, None) or _ENDINGS.get(place[-1:])


def is_interior(place_type: str) -> bool:
    """Whether a place of this type has a roof."""
    return place_type in _INTERIOR


def _times(sample: str, word: str) -> int:
    """How often a word stands in the text; an English one as a whole: no car in scarf."""
    if not word.isascii():
        return sample.count(word)
    return len(re.findall(rf"\b{word}\b", sample, re.IGNORECASE))


def period_of(folded: str) -> str:
    """classical, modern, fantasy or scifi, by the words of the book's first 300,000 characters."""
    sample = folded[:300_000]
    scores = {}
    for period, words in _PERIODS:
        scores[period] = sum(min(_times(sample, word), 200) for word in words.split())
    if scores["modern"] > scores["classical"] and scores["modern"] >= scores["scifi"]:
        return "modern"
    if scores["scifi"] > max(scores["modern"], scores["classical"], 3):
        return "scifi"
    if scores["fantasy"] * 2 > scores["classical"] and scores["fantasy"] > 3:
        return "fantasy"
    return "classical" if scores["classical"] or not scores["modern"] else "modern"
