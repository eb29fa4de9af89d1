"""Light and palette by time of day and weather."""

from __future__ import annotations

from dataclasses import dataclass

from generation.frames.sketch import colour


@dataclass(frozen=True)
class Light:
    """How the place is lit; colours are `#rrggbb`."""

    sky_top: str
    sky_low: str
    haze: str  # what distance fades into
    ambient: str  # multiplies local colours
    ink: str
    glow: str  # lamps, windows, sun
    dark: bool = False

    def tone(self, paint: str, depth: float = 0.0) -> str:
        """A local colour under this light at a depth of 0 (near) to 1 (horizon)."""
        return colour.mix(colour.multiply(paint, self.ambient), self.haze, min(0.92, depth * 0.85))

    def line(self, depth: float = 0.0) -> str:
        """The ink of backdrops at a depth: it fades into the haze."""
        return colour.mix(self.ink, self.haze, min(0.85, 0.08 + depth * 0.6))


DAYTIMES: dict[str, Light] = {
    "day": Light("#b7d0da", "#f1ead8", "#e7e4d7", "#ffffff", "#4b443c", "#fff3cf"),
    "dawn": Light("#aebfd4", "#f8d8bf", "#efdccd", "#fbeade", "#51463f", "#ffd9a6"),
    "dusk": Light("#6d6891", "#f0a673", "#dfae92", "#eac5ac", "#40302f", "#ffc27a"),
    "night": Light("#131b33", "#44567a", "#33425f", "#6c7ea6", "#0f131e", "#ffd88a", True),
}

# What weather makes of the sky, how much of it, and of the light on things.
GREY: dict[str, tuple[str, float, str]] = {
    "rain": ("#8c979c", 0.5, "#c7ced0"),
    "storm": ("#5f6a74", 0.7, "#aab4bb"),
    "snow": ("#c9d2d8", 0.45, "#eef1f4"),
    "fog": ("#d5d8d4", 0.55, "#e9eae4"),
}


def light_of(daytime: str, weather: str, interior: bool) -> Light:
    """The light for a time of day (unknown = day) under a weather (unknown = clear)."""
    base = DAYTIMES.get(daytime, DAYTIMES["day"])
    if interior:
        ambient = {"night": "#a08a78", "dusk": "#e3bd9c", "dawn": "#f2e2d2"}.get(daytime, "#faf3e6")
        haze = {"night": "#4b4048", "dusk": "#c9a48b", "dawn": "#e0d2c2"}.get(daytime, "#e2d9c7")
        top, low = base.sky_top, base.sky_low
        if weather in GREY:  # seen through the windows
            paint, share, _ = GREY[weather]
            share *= 0.45 if base.dark else 1.0
            top, low = colour.mix(top, paint, share), colour.mix(low, paint, share)
        return Light(top, low, haze, ambient, base.ink, base.glow, base.dark)
    if weather not in GREY:
        return base
    paint, share, ambient = GREY[weather]
    if base.dark:
        share *= 0.45
    return Light(
        colour.mix(base.sky_top, paint, share),
        colour.mix(base.sky_low, paint, share),
        colour.mix(base.haze, paint, share),
        colour.multiply(base.ambient, ambient),
        base.ink,
        base.glow,
        base.dark,
    )
