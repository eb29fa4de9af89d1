"""The stage: what the backdrop is drawn on, and the reading of a scene's setting."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass

from generation.frames.sketch.canvas import Canvas, Pen, Point
from generation.frames.sketch.geometry import IDENTITY
from generation.frames.sketch.light import Light, light_of

PLACES = (
    "hall", "room", "street", "forest", "mountain", "river", "palace", "battlefield", "inn", "temple", "field",
    "city", "sea", "cave", "study", "courtyard", "gate", "boat", "camp", "sky", "plain", "kitchen", "bedroom",
    "office", "classroom", "hospital", "corridor", "shop", "station", "prison", "church", "bridge", "garden",
    "desert",
)  # fmt: skip
INDOORS = frozenset({
    "hall", "room", "inn", "temple", "study", "cave", "palace", "kitchen", "bedroom", "office", "classroom",
    "hospital", "corridor", "shop", "station", "prison", "church", "bridge",
})  # fmt: skip
PERIODS = ("classical", "modern", "fantasy", "scifi")
DAYTIMES = ("day", "night", "dawn", "dusk")
WEATHERS = ("clear", "rain", "snow", "fog", "wind", "storm")
CULTURES = ("china", "qing", "west")

# Words of `place` that tell more than the kinds of place a storyboard knows.
CLOSER_WORDS: tuple[tuple[str, str], ...] = (
    ("教堂", "church"), ("厨房", "kitchen"), ("灶", "kitchen"), ("教室", "classroom"), ("课堂", "classroom"),
    ("学堂", "classroom"), ("讲堂", "classroom"), ("办公", "office"), ("公司", "office"), ("写字楼", "office"),
    ("卧室", "bedroom"), ("卧房", "bedroom"), ("寝", "bedroom"), ("闺房", "bedroom"), ("宿舍", "bedroom"),
    ("会议室", "office"), ("实验室", "office"), ("机房", "office"), ("编辑部", "office"), ("手术", "hospital"),
    ("抢救", "hospital"), ("护士站", "hospital"), ("诊室", "hospital"), ("医务", "hospital"), ("病床", "hospital"),
    ("医院", "hospital"), ("病房", "hospital"), ("诊所", "hospital"), ("急诊", "hospital"), ("走廊", "corridor"),
    ("过道", "corridor"), ("楼道", "corridor"), ("超市", "shop"), ("便利店", "shop"), ("商场", "shop"), ("药店", "shop"),
    ("书店", "shop"), ("商店", "shop"), ("药铺", "shop"), ("店铺", "shop"), ("咖啡", "shop"), ("地铁", "station"),
    ("车站", "station"), ("高铁", "station"), ("火车", "station"), ("候车", "station"), ("站台", "station"),
    ("机场", "station"), ("车厢", "station"), ("牢", "prison"), ("监狱", "prison"), ("囚室", "prison"),
    ("派出所", "office"), ("警局", "office"), ("舰桥", "bridge"), ("飞船", "bridge"), ("空间站", "bridge"),
    ("驾驶舱", "bridge"), ("船舱", "bridge"), ("沙漠", "desert"), ("大漠", "desert"), ("戈壁", "desert"), ("花园", "garden"),
    ("图书馆", "study"), ("客厅", "room"), ("kitchen", "kitchen"), ("classroom", "classroom"),
    ("schoolroom", "classroom"), ("office", "office"), ("bedroom", "bedroom"), ("bedchamber", "bedroom"),
    ("hospital", "hospital"), ("corridor", "corridor"), ("hallway", "corridor"), ("clinic", "hospital"),
    ("laboratory", "office"), ("supermarket", "shop"), ("bakery", "shop"), ("café", "shop"), ("cafe", "shop"),
    ("jail", "prison"), ("courtroom", "hall"), ("school", "classroom"), ("train", "station"),
    ("airport", "station"), ("passage", "corridor"), ("shop", "shop"), ("store", "shop"),
    ("station", "station"), ("prison", "prison"), ("dungeon", "prison"), ("church", "church"),
    ("chapel", "church"), ("cathedral", "church"), ("spaceship", "bridge"), ("starship", "bridge"),
    ("cockpit", "bridge"), ("desert", "desert"), ("garden", "garden"), ("library", "study"),
)  # fmt: skip
# Words in `place` and `time` that tell what the setting leaves out.
PLACE_WORDS: tuple[tuple[str, str], ...] = (
    ("战场", "battlefield"), ("客栈", "inn"), ("酒楼", "inn"), ("酒店", "inn"), ("茶馆", "inn"), ("书房", "study"),
    ("庙", "temple"), ("寺", "temple"), ("洞", "cave"), ("宫", "palace"), ("殿", "palace"), ("堂", "hall"),
    ("厅", "hall"), ("营", "camp"), ("船", "boat"), ("舟", "boat"), ("城门", "gate"), ("门", "gate"),
    ("院", "courtyard"), ("园", "courtyard"), ("街", "street"), ("巷", "street"), ("市", "city"), ("城", "city"),
    ("林", "forest"), ("山", "mountain"), ("岭", "mountain"), ("峰", "mountain"), ("江", "river"), ("河", "river"),
    ("湖", "river"), ("溪", "river"), ("海", "sea"), ("田", "field"), ("村", "field"), ("天", "sky"), ("云", "sky"),
    ("屋", "room"), ("房", "room"), ("室", "room"), ("家", "room"), ("forest", "forest"), ("mountain", "mountain"),
    ("river", "river"), ("street", "street"), ("temple", "temple"), ("palace", "palace"), ("inn", "inn"),
    ("cave", "cave"), ("city", "city"), ("sea", "sea"), ("room", "room"), ("house", "room"), ("hall", "hall"),
    ("field", "field"), ("garden", "courtyard"), ("gate", "gate"), ("camp", "camp"), ("boat", "boat"), ("sky", "sky"),
)  # fmt: skip
TIME_WORDS: tuple[tuple[str, str], ...] = (
    ("夜", "night"), ("晚", "night"), ("更", "night"), ("月", "night"), ("晨", "dawn"), ("早", "dawn"), ("拂晓", "dawn"),
    ("黎明", "dawn"), ("黄昏", "dusk"), ("傍晚", "dusk"), ("暮", "dusk"), ("夕", "dusk"), ("night", "night"),
    ("dawn", "dawn"), ("morning", "dawn"), ("dusk", "dusk"), ("evening", "dusk"), ("sunset", "dusk"),
)  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """A scene's setting with every gap filled."""

    interior: bool
    period: str
    place: str
    daytime: str
    weather: str
    crowd: bool
    seed: int
    culture: str = "china"

    @property
    def future(self) -> bool:
        """Whether it plays in our time or later."""
        return self.period in ("modern", "scifi")

    @property
    def western(self) -> bool:
        """Whether people build as in old Europe."""
        return self.culture == "west" and not self.future


def _word(text: object, words: tuple[tuple[str, str], ...], fallback: str) -> str:
    lowered = text.lower() if isinstance(text, str) else ""
    return next((value for word, value in words if word in lowered), fallback)


def _known(value: object, known: tuple[str, ...], fallback: str) -> str:
    return value if isinstance(value, str) and value in known else fallback


def setting_of(scene: Mapping[str, object]) -> Setting:
    """Reads `setting`; what is missing or unknown follows from the words of `place` and `time`.

    The seed depends on the place's name (else on the scene's index), so that a place looks the
    same whenever the story comes back to it.
    """
    given = scene.get("setting")
    setting: Mapping[str, object] = given if isinstance(given, Mapping) else {}
    name = scene.get("place")
    told = _known(setting.get("place_type"), PLACES, "")
    closer = _word(name, CLOSER_WORDS, "")
    place = closer or told or _word(name, PLACE_WORDS, "plain")
    kind = "interior" if place in INDOORS else "exterior"
    if not closer or closer in told or place not in INDOORS:
        kind = _known(setting.get("kind"), ("interior", "exterior"), kind)
    key = name if isinstance(name, str) and name else f"scene {scene.get('index')}"
    digest = hashlib.blake2b(f"{place}:{key}".encode(), digest_size=6).digest()
    return Setting(
        interior=kind == "interior",
        period=_known(setting.get("period"), PERIODS, "classical"),
        place=place,
        daytime=_known(
            setting.get("daytime"), DAYTIMES, _word(scene.get("time"), TIME_WORDS, "day")
        ),
        weather=_known(setting.get("weather"), WEATHERS, "clear"),
        crowd=setting.get("crowd") is True,
        seed=int.from_bytes(digest, "big"),
        culture=_known(setting.get("culture"), CULTURES, "china"),
    )


@dataclass
class Stage:
    """A backdrop in the making. Depths run from 0 (the frame's lower edge) to 1 (the horizon)."""

    canvas: Canvas
    setting: Setting
    light: Light
    horizon: float  # px from the top
    rng: random.Random

    @property
    def width(self) -> int:
        """Frame width, px."""
        return self.canvas.width

    @property
    def height(self) -> int:
        """Frame height, px."""
        return self.canvas.height

    @property
    def unit(self) -> float:
        """A length that suits both formats: a hundredth of the shorter side, px."""
        return min(self.width, self.height) / 100

    @property
    def left(self) -> float:
        """Backdrops reach beyond the frame, so that wide formats stay filled."""
        return -0.05 * self.width

    def pen(self, depth: float = 0.0, weight: float = 1.0) -> Pen:
        """A pen in picture space with the ink of that depth."""
        width = max(1.0, self.unit * 0.2 * weight * (1.0 - 0.55 * depth))
        return Pen(self.canvas, IDENTITY, width, self.light.line(depth), 0.8)

    def tone(self, paint: str, depth: float = 0.0) -> str:
        """A local colour as seen at that depth."""
        return self.light.tone(paint, depth)

    def floor(self, x: float, t: float) -> Point:
        """A point of the ground: x across (0 = middle, ±0.5 = frame edges at the lower edge),
        t = 1 at the frame's lower edge, towards 0 at the horizon."""
        return self.width * (0.5 + x * t), self.horizon + (self.height - self.horizon) * t


def stage_for(canvas: Canvas, setting: Setting, horizon: float) -> Stage:
    """A stage with the light of the setting and the place's own random numbers."""
    light = light_of(setting.daytime, setting.weather, setting.interior)
    return Stage(canvas, setting, light, horizon, random.Random(setting.seed))  # noqa: S311  # drawing, not secrets
