"""Proportions of a face, in head heights: by age, sex and build, and one's own from the seed.

Head space: the head's centre is (0, 0), the crown y = -0.5, the chin y = 0.5, x towards the
side that the face is turned to.
"""

from __future__ import annotations

from dataclasses import dataclass

from generation.frames.sketch.look import Look


@dataclass(frozen=True)
class Face:
    """Measures of one face, in head heights."""

    half: float  # half width at the cheekbones
    jaw: float  # half width at the jaw
    chin: float  # half width of the chin
    low: float  # how far the chin reaches below or above the usual
    eye_y: float
    eye_x: float
    eye_w: float
    eye_h: float
    slant: float  # how much higher the eyes' outer corners are
    brow: float  # thickness
    brow_rise: float
    brow_long: float  # share of the usual length
    nose: float  # y of the tip
    nose_wide: float  # shares of the usual
    hook: float
    mouth_y: float
    mouth_wide: float
    mark: str  # "", mole, freckles, scar
    shift: float  # features move this far towards the turned side


# eye width, eye height, slant
_EYES = (
    (1.0, 1.0, 0.0),
    (0.98, 1.22, 0.0),
    (1.1, 0.72, 0.012),
    (0.82, 0.86, 0.004),
    (1.02, 0.9, -0.018),
)
# thickness, rise of the outer end, length
_BROWS = ((1.0, 0.0, 1.0), (1.5, -0.012, 0.94), (1.15, 0.024, 1.05), (0.75, 0.006, 1.08))
# width, hook
_NOSES = ((1.0, 1.0), (1.35, 0.8), (1.05, 1.5), (0.7, 0.6))
# cheekbones, jaw, chin, length
_JAWS = (
    (0.0, 0.0, 0.0, 0.0), (-0.005, 0.042, 0.035, 0.005), (0.008, -0.03, -0.035, 0.02),
    (0.022, 0.03, 0.01, -0.02), (-0.018, 0.0, 0.008, 0.035),
)  # fmt: skip
_MARKS = ("", "", "", "", "", "", "mole", "freckles", "")

# The shape of heads that are not human: cheekbones, jaw, chin, length.
_HEADS: dict[str, tuple[float, float, float, float]] = {
    "fox": (0.05, -0.02, -0.04, 0.03), "wolf": (0.05, 0.01, -0.02, 0.03), "cat": (0.06, 0.03, -0.03, -0.04),
    "mouse": (0.02, -0.03, -0.04, -0.02), "dog": (0.02, 0.03, 0.03, 0.02), "bear": (0.07, 0.08, 0.05, -0.02),
    "tiger": (0.07, 0.08, 0.03, -0.01), "lion": (0.05, 0.06, 0.03, 0.0), "pig": (0.05, 0.09, 0.06, -0.02),
    "ox": (0.02, 0.02, 0.06, 0.05), "horse": (-0.02, -0.02, 0.07, 0.07), "deer": (-0.02, -0.02, 0.03, 0.05),
    "sheep": (0.0, 0.0, 0.02, 0.02), "frog": (0.1, 0.13, 0.08, -0.05), "turtle": (0.02, 0.05, 0.04, -0.03),
    "fish": (-0.02, -0.03, 0.02, 0.02), "snake": (0.0, -0.01, 0.0, 0.02), "bird": (0.03, 0.0, -0.02, -0.04),
    "duck": (0.02, 0.0, 0.0, -0.02), "owl": (0.09, 0.09, 0.02, -0.05), "eagle": (0.02, 0.0, 0.0, -0.02),
    "alien": (0.1, -0.05, -0.05, 0.02), "robot": (0.03, 0.1, 0.16, -0.01), "insect": (0.05, 0.05, 0.02, -0.03),
    "dragon": (0.04, 0.03, 0.03, 0.03),
}  # fmt: skip


def _digits(face: int) -> tuple[int, int, int, int, int]:
    face, eyes = divmod(face, len(_EYES))
    face, brows = divmod(face, len(_BROWS))
    face, nose = divmod(face, len(_NOSES))
    mark, jaw = divmod(face, len(_JAWS))
    return eyes, brows, nose, jaw, mark


def face_of(look: Look, turn: float) -> Face:
    """Proportions from age, sex, build and the character's own face number; `turn` 0..1."""
    eyes, brows, nose, jaw_kind, mark = _digits(look.face)
    half = 0.352 + {"stout": 0.045, "slim": -0.014}.get(look.build, 0.0)
    jaw = 0.258 + {"stout": 0.06, "strong": 0.03, "slim": -0.012}.get(look.build, 0.0)
    chin = 0.08 if look.female else 0.105
    eye_w, eye_h, brow, eye_y = 0.092, 0.053, 2.0, 0.055
    if look.female:
        half, jaw, eye_w, eye_h, brow = half - 0.012, jaw - 0.036, 0.102, 0.067, 1.0
    if look.age == "child":
        half, jaw, eye_w, eye_h, brow, eye_y = half + 0.034, jaw + 0.045, 0.108, 0.086, 1.1, 0.11
    elif look.age == "youth":
        eye_w, eye_h = eye_w + 0.006, eye_h + 0.008
    elif look.age == "elder":
        eye_h -= 0.012
    if look.species in _HEADS:
        grown = _HEADS[look.species]
    else:
        share = 0.5 if look.age == "child" or look.female else 1.0
        grown = tuple(value * share for value in _JAWS[jaw_kind])  # type: ignore[assignment]
    thick, rise, long = _BROWS[brows]
    wide, tall, slant = _EYES[eyes]
    big = 1.18 if look.species in ("owl", "mouse", "alien", "frog", "insect") else 1.0
    return Face(
        half=half + grown[0],
        jaw=jaw + grown[1],
        chin=max(0.04, chin + grown[2]),
        low=grown[3],
        eye_y=eye_y,
        eye_x=0.158 + (look.face % 2) * 0.01,
        eye_w=eye_w * wide * big,
        eye_h=eye_h * tall * big,
        slant=slant,
        brow=brow * thick,
        brow_rise=rise,
        brow_long=long,
        nose=0.215 if look.age != "child" else 0.24,
        nose_wide=_NOSES[nose][0],
        hook=_NOSES[nose][1],
        mouth_y=(0.335 if look.age != "child" else 0.35) + grown[3] * 0.4,
        mouth_wide=(1.0, 1.12, 0.9, 1.06)[(nose + jaw_kind) % 4],
        mark="scar" if look.clothes == "armour" and look.face % 7 == 0 else _MARKS[mark],
        shift=0.11 * turn,
    )


def outline_of(face: Face, turn: float) -> list[tuple[float, float]]:
    """The closed line of the face; the turned side is a little flatter."""
    near, far = 1.0, 1.0 - 0.1 * turn
    lean, low = 0.045 * turn, face.low
    return [
        (lean, -0.47), (face.half * 0.78 * far + lean, -0.36), (face.half * far + lean, -0.1),
        (face.half * 0.96 * far + lean, 0.1), (face.jaw * far + lean * 1.6, 0.34 + low * 0.6),
        (face.chin + lean * 2.0, 0.49 + low), (-face.chin * 0.8 + lean * 2.0, 0.495 + low),
        (-face.jaw * near + lean, 0.35 + low * 0.6), (-face.half * 0.97 * near + lean * 0.5, 0.1),
        (-face.half * near, -0.1), (-face.half * 0.78 * near, -0.36),
    ]  # fmt: skip
