"""Sky, land, water and plants."""

from __future__ import annotations

from math import cos, pi, sin

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Point
from generation.frames.sketch.geometry import arc
from generation.frames.sketch.stage import Stage


def sky(stage: Stage) -> None:
    """The sky's wash with sun or moon, stars and clouds."""
    w, h, light = stage.width, stage.height, stage.light
    paint = stage.canvas.linear(0, 0, 0, stage.horizon, (0.0, light.sky_top, 1), (1.0, light.sky_low, 1))
    stage.canvas.rect(0, 0, w, h, paint)
    daytime, clear = stage.setting.daytime, stage.setting.weather in ("clear", "wind")
    x, y = w * (0.22 + 0.56 * stage.rng.random()), stage.horizon * (0.16 + 0.16 * stage.rng.random())
    if daytime == "night":
        if clear:
            _stars(stage)
        _halo(stage, x, y, stage.unit * 34, "#dfe6f2", 0.42)
        stage.pen(0.5).disc(x, y, stage.unit * 7, stage.unit * 7, "#f4f0dc", 0.6)
        stage.pen().disc(x + stage.unit * 1.6, y - stage.unit * 0.8, stage.unit * 1.6, stage.unit * 1.3, "#e0dac0")
    elif daytime in ("dawn", "dusk"):
        y = stage.horizon * (0.72 if daytime == "dusk" else 0.78)
        _halo(stage, x, y, stage.unit * 60, light.glow, 0.75)
        stage.pen(0.6).disc(x, y, stage.unit * 8, stage.unit * 8, "#ffe2b0" if daytime == "dawn" else "#ef7a4c", 0)
    elif clear:
        _halo(stage, x, y, stage.unit * 44, "#fff6dc", 0.8)
    if stage.setting.weather != "fog":
        for _ in range(4):
            cloud(stage, w * stage.rng.random(), stage.horizon * (0.12 + 0.6 * stage.rng.random()), stage.unit * (9 + 12 * stage.rng.random()))


def _stars(stage: Stage) -> None:
    pen = stage.pen()
    for _ in range(46):
        x, y = stage.width * stage.rng.random(), stage.horizon * 0.85 * stage.rng.random()
        size = stage.unit * (0.12 + 0.22 * stage.rng.random())
        pen.shape([(x - size, y), (x, y - size * 1.6), (x + size, y), (x, y + size * 1.6)], "#f3eed6", 0, smooth=False, opacity=0.8)


def _halo(stage: Stage, x: float, y: float, radius: float, paint: str, strength: float) -> None:
    fill = stage.canvas.radial(x, y, radius, (0.0, paint, strength), (1.0, paint, 0.0))
    stage.canvas.rect(x - radius, y - radius, radius * 2, radius * 2, fill)


def cloud(stage: Stage, x: float, y: float, size: float, opacity: float = 0.75) -> None:
    """A flat-based cloud in the manner of ink painting."""
    base = colour.mix(stage.light.sky_low, "#ffffff", 0.12 if stage.light.dark else 0.55)
    if stage.light.dark:
        base = colour.mix(stage.light.sky_top, stage.light.sky_low, 0.75)
    points: list[Point] = [(x - size * 1.7, y + size * 0.16), (x - size, y - size * 0.12), (x - size * 0.5, y - size * 0.4), (x, y - size * 0.26), (x + size * 0.5, y - size * 0.5), (x + size, y - size * 0.16), (x + size * 1.8, y + size * 0.14), (x + size * 0.4, y + size * 0.24), (x - size * 0.6, y + size * 0.22)]
    stage.pen(0.8).shape(points, base, 0, opacity=opacity)
    ink = colour.mix(base, stage.light.ink, 0.35)
    stage.pen(0.8).stroke([points[0], points[1], points[2], points[3]], 0.8, ink, opacity=0.7)
    stage.pen(0.8).stroke([points[3], points[4], points[5], points[6]], 0.8, ink, opacity=0.7)


def ridge(stage: Stage, base: float, height: float, paint: str, depth: float, peaks: int, sharp: float = 1.0) -> None:
    """A mountain range whose foot fades into mist."""
    w, rng = stage.width, stage.rng
    points: list[Point] = [(-0.06 * w, base + height)]
    steps = peaks * 2
    for index in range(steps + 1):
        x = -0.06 * w + 1.12 * w * index / steps
        high = height * (0.55 + 0.45 * rng.random()) if index % 2 else height * (0.12 + 0.3 * rng.random())
        points.append((x + w * 0.03 * (rng.random() - 0.5), base - high))
    points.append((1.06 * w, base + height))
    tone, mist = stage.tone(paint, depth), stage.tone(paint, min(1.0, depth + 0.35))
    fill = stage.canvas.linear(0, base - height, 0, base, (0.0, tone, 1), (1.0, mist, 1))
    pen = stage.pen(depth)
    pen.shape(points, fill, 0)
    pen.stroke(points[1:-1], 1.2, start=0.5, end=0.5)
    for index in range(2, len(points) - 2, 2):
        x, y = points[index][0], points[index][1]
        for branch in (-1.0, 1.0):
            run = height * (0.16 + 0.2 * rng.random())
            pen.stroke([(x + branch * 2, y + height * 0.06), (x + branch * run * 0.45, y + run * 0.7), (x + branch * run * 0.55, y + run * 1.3)], 1.0, opacity=0.55)


def mist(stage: Stage, y: float, depth: float, opacity: float = 0.7) -> None:
    """A band of mist."""
    paint, half = stage.light.haze, stage.height * depth
    fill = stage.canvas.linear(0, y - half, 0, y + half, (0.0, paint, 0.0), (0.5, paint, opacity), (1.0, paint, 0.0))
    stage.canvas.rect(0, y - half, stage.width, half * 2, fill)


def ground(stage: Stage, paint: str, far: str | None = None) -> None:
    """The ground from the horizon to the lower edge, lighter in the distance."""
    near_tone, far_tone = stage.tone(paint), stage.tone(far or paint, 0.75)
    if stage.setting.weather == "snow":
        near_tone, far_tone = stage.tone(colour.mix(paint, "#f4f6f8", 0.82)), stage.tone("#eef1f4", 0.6)
    h = stage.height
    fill = stage.canvas.linear(0, stage.horizon, 0, h, (0.0, far_tone, 1), (0.35, colour.mix(near_tone, far_tone, 0.4), 1), (1.0, near_tone, 1))
    stage.canvas.rect(0, stage.horizon, stage.width, h - stage.horizon, fill)


def tufts(stage: Stage, count: int, paint: str) -> None:
    """Grass and stones, larger towards the viewer."""
    for _ in range(count):
        t = 0.06 + 0.94 * stage.rng.random() ** 1.4
        x, y = stage.width * stage.rng.random(), stage.horizon + (stage.height - stage.horizon) * t
        size = stage.unit * 4.2 * t
        pen = stage.pen(1 - t)
        ink = colour.mix(stage.tone(paint, 1 - t), stage.light.ink, 0.4)
        for lean in (-0.5, 0.0, 0.45):
            pen.stroke([(x, y), (x + size * lean * 0.5, y - size * 0.6), (x + size * lean, y - size)], 0.9, ink, start=0.6, end=0.05)


def path_strip(stage: Stage, paint: str, wide: float = 0.34, bend: float = 0.0) -> None:
    """A road towards the horizon."""
    tone = stage.tone(paint, 0.12)
    line: list[Point] = []
    for t in (1.05, 0.6, 0.3, 0.12, 0.03):
        x, y = stage.floor(-wide / 2 + bend * (1 - t) / max(t, 0.2) * 0.2, t)
        line.append((x, y))
    for t in (0.03, 0.12, 0.3, 0.6, 1.05):
        x, y = stage.floor(wide / 2 + bend * (1 - t) / max(t, 0.2) * 0.2, t)
        line.append((x, y))
    stage.pen(0.4).shape(line, tone, 0.7)


def water(stage: Stage, top: float, bottom: float, paint: str = "#8fb0b8") -> None:
    """Water between two heights with ripples; it mirrors the sky."""
    far = colour.mix(stage.tone(paint, 0.5), stage.light.sky_low, 0.5)
    fill = stage.canvas.linear(0, top, 0, bottom, (0.0, far, 1), (1.0, stage.tone(paint, 0.0), 1))
    stage.canvas.rect(0, top, stage.width, bottom - top, fill)
    for index in range(26):
        share = (index / 26) ** 1.5
        y = top + (bottom - top) * share + stage.unit * 0.4
        x = stage.width * stage.rng.random()
        length = stage.unit * (5 + 26 * share) * (0.5 + stage.rng.random())
        pen = stage.pen(0.6 - 0.4 * share)
        tone = colour.mix(stage.light.sky_low, "#ffffff", 0.3) if index % 3 else stage.light.line(0.5)
        pen.stroke([(x - length, y), (x, y - stage.unit * 0.5 * share), (x + length, y + stage.unit * 0.3 * share)], 1.0, tone, opacity=0.6)


def pine(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A pine of the ink painters: bent trunk, flat pads of needles."""
    pen = stage.pen(depth, 1.1)
    trunk, leaf = stage.tone("#6b5139", depth), stage.tone("#55705a", depth)
    lean = size * 0.14 * (stage.rng.random() - 0.5) * 2
    pen.shape([(x - size * 0.07, y), (x - size * 0.03 + lean * 0.3, y - size * 0.5), (x + lean, y - size), (x + lean + size * 0.03, y - size), (x + size * 0.05 + lean * 0.4, y - size * 0.5), (x + size * 0.08, y)], trunk, 0.9)
    for index in range(6):
        level = 0.42 + index * 0.115
        side = -1.0 if index % 2 else 1.0
        reach = size * (0.46 - index * 0.05)
        cx, cy = x + lean * level + side * reach * 0.45, y - size * level
        if index == 5:
            cx = x + lean
        snow = stage.setting.weather == "snow"
        fill = colour.mix(leaf, "#ffffff", 0.7) if snow else leaf
        pad: list[Point] = [(cx - reach * 0.62, cy + reach * 0.06), (cx - reach * 0.4, cy - reach * 0.14), (cx - reach * 0.1, cy - reach * 0.24), (cx + reach * 0.24, cy - reach * 0.18), (cx + reach * 0.6, cy + reach * 0.04), (cx, cy + reach * 0.12)]
        pen.shape(pad, fill, 0.85)
        for step in (-0.3, 0.0, 0.3):
            pen.stroke([(cx + step * reach, cy + reach * 0.06), (cx + step * reach * 1.1, cy - reach * 0.1)], 0.7, opacity=0.7)


def broadleaf(stage: Stage, x: float, y: float, size: float, depth: float, leaf: str = "#7d9463") -> None:
    """A leafy tree: forked trunk and a crown in clumps."""
    pen = stage.pen(depth, 1.1)
    trunk = stage.tone("#6f563f", depth)
    pen.shape([(x - size * 0.07, y), (x - size * 0.035, y - size * 0.42), (x - size * 0.16, y - size * 0.62), (x - size * 0.1, y - size * 0.62), (x, y - size * 0.48), (x + size * 0.13, y - size * 0.64), (x + size * 0.18, y - size * 0.62), (x + size * 0.045, y - size * 0.4), (x + size * 0.08, y)], trunk, 0.9)
    fill = stage.tone(leaf, depth)
    if stage.setting.weather == "snow":
        fill = colour.mix(fill, "#ffffff", 0.55)
    for dx, dy, r in ((-0.24, 0.64, 0.22), (0.24, 0.66, 0.22), (0.0, 0.84, 0.3)):
        cx, cy, radius = x + size * dx, y - size * dy, size * r
        clump: list[Point] = []
        for index in range(14):
            turn = 2 * pi * index / 14
            out = radius * (1.0 if index % 2 else 0.86) * (0.94 + 0.12 * stage.rng.random())
            clump.append((cx + out * cos(turn) * 1.12, cy + out * sin(turn) * 0.86))
        pen.shape(clump, fill, 0.85)
        pen.shape([(cx - radius * 0.7, cy + radius * 0.5), (cx + radius * 0.1, cy + radius * 0.2), (cx + radius * 0.95, cy + radius * 0.1), (cx + radius * 0.5, cy + radius * 0.7)], colour.darker(fill, 0.3), 0, opacity=0.4)


def willow(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A willow by the water."""
    pen = stage.pen(depth, 1.0)
    pen.shape([(x - size * 0.06, y), (x - size * 0.05, y - size * 0.4), (x + size * 0.04, y - size * 0.76), (x + size * 0.08, y - size * 0.74), (x + size * 0.02, y - size * 0.4), (x + size * 0.07, y)], stage.tone("#6f563f", depth), 0.9)
    leaf = stage.tone("#8fa568", depth)
    for index in range(13):
        reach = (index - 6) / 6
        top = (x + size * 0.05, y - size * 0.78)
        arch = (x + size * reach * 0.34, y - size * (0.98 - 0.14 * abs(reach)))
        end = (x + size * reach * 0.56, y - size * (0.28 + 0.14 * stage.rng.random()))
        pen.stroke([top, arch, ((arch[0] + end[0] * 2) / 3 + size * reach * 0.06, (arch[1] + end[1]) / 2), end], 3.6, leaf, start=0.3, end=0.2, opacity=0.9)


def bamboo(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A bamboo stem with leaves."""
    pen = stage.pen(depth, 1.0)
    tone, lean = stage.tone("#7f9a66", depth), size * 0.08 * (stage.rng.random() - 0.5)
    wide = size * 0.016
    pen.shape([(x - wide, y), (x + lean - wide * 0.7, y - size), (x + lean + wide * 0.7, y - size), (x + wide, y)], tone, 0.7, smooth=False)
    for index in range(1, 7):
        at = index / 7
        jx, jy = x + lean * at, y - size * at
        pen.stroke([(jx - wide * 1.3, jy), (jx + wide * 1.3, jy)], 1.0, start=0.8, end=0.8)
        if index > 2:
            side = -1.0 if index % 2 else 1.0
            for drop in (0.0, 0.5, 1.0):
                tip = (jx + side * size * (0.1 + 0.03 * drop), jy + size * (0.02 + 0.06 * drop))
                pen.stroke([(jx, jy), ((jx + tip[0]) / 2, (jy + tip[1]) / 2 - size * 0.02), tip], 4.0, tone, start=0.1, end=0.05)


def rock(stage: Stage, x: float, y: float, size: float, depth: float, paint: str = "#9a958a") -> None:
    """A rock with facets."""
    pen, tone = stage.pen(depth, 1.1), stage.tone(paint, depth)
    pen.shape([(x - size, y, 0), (x - size * 0.82, y - size * 0.5, 0.4), (x - size * 0.3, y - size * 0.86, 0.3), (x + size * 0.24, y - size * 0.74, 0.3), (x + size * 0.8, y - size * 0.36, 0.4), (x + size, y, 0)], tone, 1.0)
    pen.shape([(x + size * 0.1, y - size * 0.74), (x + size * 0.78, y - size * 0.36), (x + size * 0.96, y), (x + size * 0.2, y)], colour.darker(tone, 0.3), 0, smooth=False, opacity=0.4)
    pen.stroke([(x - size * 0.28, y - size * 0.82), (x - size * 0.1, y - size * 0.4), (x - size * 0.3, y - size * 0.1)], 0.9)


def branch_frame(stage: Stage, right: bool, leaf: str = "#4f6653") -> None:
    """Dark foliage of the foreground in an upper corner: it frames the picture."""
    pen = stage.pen(0.0, 1.2)
    side = 1.0 if right else -1.0
    edge = stage.width if right else 0.0
    tone = colour.darker(stage.tone(leaf), 0.35)
    span = min(stage.width, stage.height)
    for index in range(5):
        y = stage.height * 0.01 + index * span * 0.055
        tip = (edge - side * span * (0.52 - index * 0.09), y + span * (0.07 + 0.02 * index))
        pen.stroke([(edge, y), ((edge + tip[0]) / 2, y - span * 0.01), tip], 2.6, tone, start=0.9, end=0.1)
        for step in range(5):
            share = 0.2 + step * 0.19
            x0, y0 = edge + (tip[0] - edge) * share, y + (tip[1] - y) * share
            for lift in (-1.0, 1.0):
                pen.shape([(x0, y0), (x0 - side * span * 0.03, y0 + lift * span * 0.022), (x0 - side * span * 0.075, y0 + lift * span * 0.026), (x0 - side * span * 0.03, y0 + lift * span * 0.006)], tone, 0)


def weather(stage: Stage, front: bool) -> None:
    """Rain, snow, fog or wind; `front` is the layer before the characters."""
    kind, rng, w, h = stage.setting.weather, stage.rng, stage.width, stage.height
    pen = stage.pen(0.3)
    count = 26 if front else 70
    if kind == "rain":
        tone = colour.mix(stage.light.haze, "#ffffff", 0.5)
        for _ in range(count):
            x, y, length = w * rng.random() * 1.1, h * rng.random(), stage.unit * (6 + 8 * rng.random())
            pen.stroke([(x, y), (x - length * 0.22, y + length)], 0.8, tone, opacity=0.55, smooth=False)
    elif kind == "snow":
        for _ in range(count):
            size = stage.unit * (0.3 + 0.5 * rng.random()) * (1.5 if front else 1.0)
            x, y = w * rng.random(), h * rng.random()
            pen.shape(arc(x, y, size, size, count=6), "#ffffff", 0, opacity=0.85)
    elif kind == "fog":
        for index in range(2 if front else 4):
            mist(stage, h * (0.35 + 0.2 * index + 0.08 * rng.random()), 0.1, 0.26 if front else 0.55)
    elif kind == "wind" and not front:
        for _ in range(9):
            x, y, length = w * rng.random(), h * rng.random() * 0.85, stage.unit * (14 + 14 * rng.random())
            pen.stroke([(x, y), (x + length * 0.5, y - stage.unit * 1.2), (x + length, y), (x + length * 1.1, y - stage.unit * 2), (x + length * 1.02, y - stage.unit * 2.4)], 0.9, colour.mix(stage.light.haze, "#ffffff", 0.4), opacity=0.7)
