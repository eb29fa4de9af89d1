"""How a shot's facts are said: in Chinese, in English sentences, and as tags.

Each row is (Chinese, English, tags). Tags are the words that drawing models were taught with.
"""

from __future__ import annotations

Row = tuple[str, str, str]
CHINESE, ENGLISH, TAGS = 0, 1, 2

FRAMING: dict[str, Row] = {
    "extreme_long": ("大远景，人物很小", "extreme wide shot, tiny figures", "very wide shot"),
    "long": ("远景，全身入画", "wide shot, whole figures in their surroundings", "wide shot"),
    "full": ("全景，从头到脚", "full shot, head to toe", "full body"),
    "medium": ("中景，腰部以上", "medium shot, from the waist up", "cowboy shot"),
    "medium_close_up": ("近景，胸部以上", "medium close-up, from the chest up", "upper body"),
    "close_up": ("特写，面部占满画面", "close-up, the face fills the frame", "portrait, close-up"),
    "extreme_close_up": ("大特写，只见局部", "extreme close-up, a detail only", "extreme close-up"),
}  # fmt: skip
POSE: dict[str, Row] = {
    "stand": ("站立", "standing", "standing"), "sit": ("坐着", "sitting", "sitting"),
    "walk": ("行走", "walking", "walking"), "run": ("奔跑", "running", "running"),
    "kneel": ("跪地", "kneeling", "kneeling"), "bow": ("躬身行礼", "bowing", "bowing"),
    "point": ("抬手指向前方", "pointing ahead", "pointing"), "fight": ("正在搏斗", "fighting", "fighting stance"),
    "ride": ("骑马", "riding a horse", "horseback riding"), "lie": ("躺卧", "lying down", "lying"),
    "write": ("执笔书写", "writing with a brush", "writing"), "hold": ("手持物件", "holding an object", "holding"),
    "talk": ("正在说话", "speaking", "talking"),
}  # fmt: skip
EXPRESSION: dict[str, Row] = {
    "neutral": ("神情平静", "calm expression", "expressionless"), "happy": ("面带笑容", "smiling", "smile"),
    "angry": ("怒目而视", "angry", "angry"), "sad": ("神色悲伤", "sorrowful", "sad"),
    "surprised": ("一脸惊讶", "surprised", "surprised"), "afraid": ("满脸恐惧", "frightened", "scared"),
    "determined": ("神情坚定", "determined", "serious"), "thoughtful": ("若有所思", "lost in thought", "thinking"),
}  # fmt: skip
SLOT: dict[str, Row] = {
    "left": ("左侧", "on the left", "on left"), "centre": ("居中", "in the centre", "in center"),
    "right": ("右侧", "on the right", "on right"), "": ("", "", ""),
}  # fmt: skip
DAYTIME: dict[str, Row] = {
    "day": ("白天", "daylight", "day"), "night": ("夜晚", "at night", "night"),
    "dawn": ("清晨", "at dawn", "dawn"), "dusk": ("黄昏", "at dusk", "sunset"),
}  # fmt: skip
WEATHER: dict[str, Row] = {
    "rain": ("下着雨", "rain falling", "rain"), "snow": ("下着雪", "snow falling", "snow"),
    "fog": ("雾气弥漫", "drifting fog", "fog"), "wind": ("大风", "strong wind", "wind"), "clear": ("", "", ""),
}  # fmt: skip
PLACE: dict[str, Row] = {
    "hall": ("厅堂", "a hall", "indoors, hall"), "room": ("室内房间", "a room", "indoors, room"),
    "street": ("街道", "a street", "street"), "forest": ("树林", "a forest", "forest"),
    "mountain": ("山间", "mountains", "mountain"), "river": ("水边", "a riverside", "river"),
    "palace": ("宫殿", "a palace", "palace"), "battlefield": ("战场", "a battlefield", "battlefield"),
    "inn": ("客栈", "an inn", "indoors, tavern"), "temple": ("寺庙", "a temple", "temple"),
    "field": ("田野", "open fields", "field"), "city": ("城中", "a city", "city"), "sea": ("海边", "the seaside", "ocean"),
    "cave": ("山洞", "a cave", "cave"), "study": ("书房", "a study", "indoors, library"),
    "courtyard": ("庭院", "a courtyard", "courtyard"), "gate": ("门前", "a gateway", "gate"),
    "boat": ("船上", "on a boat", "boat"), "camp": ("营帐", "a camp", "tent"), "sky": ("云端", "above the clouds", "sky, cloud"),
    "plain": ("平野", "an open plain", "plain"),
}  # fmt: skip
# What these kinds of place are today.
PLACE_NOW: dict[str, Row] = {
    "inn": ("店内", "a café or restaurant", "indoors, cafe"), "study": ("办公室", "an office", "indoors, office"),
    "palace": ("宏伟的建筑内", "a grand building", "indoors, hall"),
}  # fmt: skip
PERIOD: dict[str, Row] = {
    "classical": ("中国古代", "ancient China", "hanfu, ancient china"), "fantasy": ("仙侠世界", "a Chinese fantasy world", "fantasy"),
    "modern": ("现代", "the present day", "modern"), "scifi": ("未来", "the future", "science fiction"),
}  # fmt: skip
PERIOD_WEST: dict[str, Row] = {
    "classical": ("旧时欧洲", "old Europe", "historical, europe"), "fantasy": ("西方奇幻世界", "a European fantasy world", "fantasy"),
}  # fmt: skip
CROWD: Row = ("背景有人群", "a crowd in the background", "crowd in background")
EMPTY: Row = ("空镜，无人物", "an empty scene with nobody in it", "no humans, scenery")
GENDER: dict[str, Row] = {
    "male": ("男子", "man|men", "boy|boys"), "female": ("女子", "woman|women", "girl|girls"),
    "unknown": ("人物", "person|people", "other|others"),
}  # fmt: skip
NUMERALS_ZH = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")
NUMERALS_EN = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
