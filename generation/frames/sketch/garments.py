"""Clothes as silhouettes: the lower part, the body and the sleeves of each kind of garment."""

from __future__ import annotations

from dataclasses import dataclass

from generation.frames.sketch import colour, limbs
from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.look import Look
from generation.frames.sketch.pose import Joint, Skeleton

Hem = tuple[float, float, float, float, float]  # left, right, height, waist, height behind
STEEL = "#8f999e"
GOLD = "#c9a03c"


@dataclass(frozen=True)
class Garment:
    """How one kind of clothes is cut."""

    skirt: float  # 0 = trousers; else how low the skirt reaches: 1 = to the ground
    flare: float  # how far the hem stands out
    sleeve: str  # wide, narrow, short
    collar: str  # cross, lapel, button, round, plate, monk
    hang: float = 0.0  # length of the hanging sleeve
    sash: bool = False


CUTS: dict[str, Garment] = {
    "robe": Garment(0.97, 0.34, "wide", "cross", 0.62, True),
    "hanfu": Garment(1.0, 0.5, "wide", "cross", 0.8, True),
    "dress": Garment(0.82, 0.46, "narrow", "round", 0.0, True),
    "monk_robe": Garment(0.9, 0.26, "wide", "monk", 0.4),
    "armour": Garment(0.5, 0.26, "narrow", "plate", 0.0, True),
    "coat": Garment(0.52, 0.08, "narrow", "lapel"),
    "rags": Garment(0.52, 0.2, "short", "cross", 0.0, True),
    "suit": Garment(0.0, 0.0, "narrow", "lapel"),
    "jacket": Garment(0.0, 0.0, "narrow", "button"),
    "shirt": Garment(0.0, 0.0, "narrow", "round"),
    "uniform": Garment(0.0, 0.0, "narrow", "button"),
}


def cut_of(look: Look) -> Garment:
    """The cut of the character's clothes; women's shirts and suits keep trousers."""
    return CUTS[look.clothes]


def _at(a: Joint, b: Joint, share: float) -> Joint:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def trouser_paint(look: Look) -> str:
    """The colour below the belt where the garment has no skirt."""
    if look.clothes == "coat":
        return "#3a3f4a" if colour.luminance(look.primary) > 0.3 else "#8a8478"
    if look.clothes in ("suit", "uniform"):
        return colour.darker(look.primary, 0.12)
    return colour.mix(look.secondary, "#2e3440", 0.55)


def legs(pen: Pen, look: Look, bones: Skeleton) -> None:
    """Trousers or hose, and shoes; the far leg first."""
    cut, b = cut_of(look), bones.body
    if cut.skirt > 0.7 and kneels(bones):
        return  # the cloth covers the feet
    trousers = cut.skirt == 0 or look.clothes == "coat"
    paint = trouser_paint(look) if trousers else colour.mix(look.secondary, "#efe8da", 0.35)
    shoes = {
        "robe": "#2c2a30",
        "hanfu": look.secondary,
        "monk_robe": "#6f5a41",
        "rags": "#8a6b48",
        "armour": "#3b302b",
    }.get(look.clothes, "#2d2723")
    width = look.width * b
    pairs = (
        (bones.far_hip, bones.far_knee, bones.far_ankle),
        (bones.near_hip, bones.near_knee, bones.near_ankle),
    )
    for index, (hip, knee, ankle) in enumerate(pairs):
        tone = colour.darker(paint, 0.16) if index == 0 else paint
        top, thick = (hip, 0.36) if trousers else (_at(hip, knee, 0.55), 0.22)
        if look.clothes == "coat":  # as far as it covers them
            top, thick = _at(hip, knee, 0.6), 0.29
        elif not trousers:
            top = _at(hip, knee, 0.92 if cut.skirt > 0.7 else 0.8)
        pen.shape(limbs.tube(top, knee, ankle, thick * width, 0.25 * width, 0.2 * width), tone, 1.0)
        limbs.shoe(
            pen,
            knee,
            ankle,
            0.62 * b * (0.5 + 0.5 * look.width),
            shoes,
            look.clothes in ("armour", "uniform", "robe"),
        )
        if pen.detail > 0.5 and cut.skirt == 0:
            pen.stroke([_at(hip, knee, 0.25), _at(hip, knee, 0.85)], 0.7, colour.fold_of(tone))


def kneels(bones: Skeleton) -> bool:
    """Whether both shins lie back; of somebody who runs it is one."""
    return bones.pose.near_leg[1] < -60 and bones.pose.far_leg[1] < -60


def skirt(pen: Pen, look: Look, bones: Skeleton) -> None:
    """The part of the garment below the waist."""
    cut = cut_of(look)
    if cut.skirt == 0:
        return
    b, w = bones.body, look.width * bones.body
    strides = abs(bones.near_ankle[0] - bones.far_ankle[0]) > 1.9 * b and not kneels(bones)
    reach = min(cut.skirt, 0.86) if strides else cut.skirt  # feet show under a wide step
    near_end = _fall(bones.near_knee, bones.near_ankle, bones.near_hip, reach)
    far_end = _fall(bones.far_knee, bones.far_ankle, bones.far_hip, reach)
    waist_y = bones.pelvis[1] - 0.5 * b
    belly = 0.46 * w * (1.12 if look.build == "stout" else 1.0)
    lean = (bones.neck[0] - bones.pelvis[0]) * 0.22
    flare = cut.flare * b
    left = min(near_end[0], far_end[0], bones.near_hip[0]) - flare - 0.12 * w
    right = max(near_end[0], far_end[0], bones.far_hip[0]) + flare * 0.8 + 0.1 * w
    hem = min(max(near_end[1], far_end[1]), -0.03 * b)
    if kneels(bones) and cut.skirt > 0.7:
        hem, left = -0.03 * b, max(left, -1.5 * b)
    # A foot that is lifted behind lifts the cloth there, and comes out of it.
    lifted = max(0.0, hem - min(near_end[1], far_end[1]) - 0.4 * b) if strides else 0.0
    if lifted > 0:
        left = max(left, -1.5 * b)
    back = hem - 0.7 * min(lifted, 0.9 * b)
    knee_left = min(bones.near_knee[0], bones.far_knee[0], -0.3 * w) - 0.26 * w
    knee_right = max(bones.near_knee[0], bones.far_knee[0], 0.28 * w) + 0.26 * w
    knee_y = max(bones.near_knee[1], bones.far_knee[1])
    top_y = min(bones.near_knee[1], bones.far_knee[1]) - 0.24 * w
    seated = top_y < bones.pelvis[1] + 0.75 * b
    outline: list[Point] = [(-belly + lean, waist_y, 0), (-0.56 * w, bones.pelvis[1] + 0.12 * b)]
    if not seated:
        outline.append(
            (
                knee_left * 0.55 + left * 0.45,
                (knee_y + hem) / 2 if cut.skirt > 0.7 else knee_y * 0.6 + hem * 0.4,
            )
        )
    else:
        outline.append((-0.62 * w, bones.pelvis[1] + 0.5 * b))
    outline += [
        (left, back, 0), ((left * 2 + right) / 3, (hem + back) / 2 + 0.07 * b),
        ((left + right * 2) / 3, hem + 0.05 * b), (right, hem - 0.02 * b, 0),
    ]  # fmt: skip
    if seated:
        outline += [
            (knee_right, top_y + 0.5 * b),
            (knee_right - 0.1 * w, top_y + 0.05 * b),
            (0.5 * w, bones.pelvis[1] - 0.04 * b),
        ]
    else:
        outline += [
            (
                knee_right * 0.6 + right * 0.4,
                (knee_y + hem) / 2 if cut.skirt > 0.7 else knee_y * 0.6 + hem * 0.4,
            ),
            (0.5 * w, bones.pelvis[1] + 0.1 * b),
        ]
    outline.append((belly * 0.9 + lean, waist_y, 0))
    _dress_skirt(pen, look, cut, outline, (left, right, hem, waist_y, back), seated, bones)


def _fall(knee: Joint, ankle: Joint, hip: Joint, reach: float) -> Joint:
    """Where the cloth over one leg ends for a skirt of that reach (0 = hip, 1 = sole)."""
    if reach > 0.55:
        return _at(knee, ankle, (reach - 0.5) / 0.5)
    return _at(hip, knee, reach / 0.5)


def _dress_skirt(
    pen: Pen,
    look: Look,
    cut: Garment,
    outline: list[Point],
    box: Hem,
    seated: bool,
    bones: Skeleton,
) -> None:
    left, right, hem, waist, back = box
    cloth = look.primary if cut.collar != "plate" else colour.mix(look.primary, "#3a3230", 0.15)
    line = pen.shape(outline, cloth, 0)
    b = bones.body
    with pen.canvas.clip(line):
        if cut.collar in ("cross", "monk") and look.clothes != "rags":
            band = 0.17 * b
            pen.shape(
                [
                    (left - 1, back - band), ((left + right) / 2, (hem + back) / 2 - band * 0.7),
                    (right + 1, hem - band), (right + 1, hem + 1), (left - 1, back + 1),
                ],
                look.secondary,
                0.7,
            )  # fmt: skip
        if look.clothes == "hanfu" and not seated:
            panel = [(-0.06, waist), (0.3 * b, waist), (0.42 * b, hem), (-0.1 * b, hem)]
            pen.shape(panel, look.secondary, 0.7, smooth=False)
        if look.clothes == "coat" and not seated:
            # A coat is open below its last button; trousers show in the slit.
            slit = [(0.05 * b, waist + 0.5 * b), (0.3 * b, hem + 1), (-0.16 * b, hem + 1)]
            pen.shape(slit, trouser_paint(look), 0.8, smooth=False)
        if pen.detail > 0.4:
            dark, edge = pen.shade, right if pen.shade > 0 else left
            shade = [
                (edge - dark * (right - left) * 0.3, hem + 1), (dark * 0.3 * b, waist),
                (edge + dark, waist), (edge + dark, hem + 1),
            ]  # fmt: skip
            pen.shape(shade, "#1c1512", 0, smooth=False, opacity=0.16)
    if pen.detail > 0.4 and (look.clothes != "coat" or seated):
        _folds(pen, cloth, box, seated, bones)
    if look.clothes == "rags":
        for share in (0.15, 0.4, 0.62, 0.85):
            x = left + (right - left) * share
            pen.shape(
                [(x - 0.1, hem + 0.1, 0), (x, hem - 0.22, 0), (x + 0.1, hem + 0.1, 0)],
                colour.mix(look.secondary, "#efe8da", 0.35),
                0.6,
            )
    pen.contour(line, 1.0)
    if cut.collar == "plate":
        _tassets(pen, look, bones)


def _folds(pen: Pen, cloth: str, box: Hem, seated: bool, bones: Skeleton) -> None:
    left, right, hem, waist, back = box
    fold = colour.fold_of(cloth)
    middle, wide = (left + right) / 2, right - left
    if seated:
        knee = bones.far_knee
        pen.stroke(
            [(0.1, bones.pelvis[1]), (knee[0] * 0.6, knee[1] - 0.05), (knee[0], knee[1] + 0.1)],
            0.9,
            fold,
        )
        for share in (0.45, 0.7):
            pen.stroke(
                [
                    (knee[0] * share + 0.1, knee[1] + 0.15),
                    (left + wide * (0.3 + share * 0.6), hem - 0.1),
                ],
                0.85,
                fold,
            )
        return
    for share, top in ((0.16, 0.45), (0.36, 0.2), (0.6, 0.12), (0.8, 0.4)):
        x, low = left + wide * share, back + (hem - back) * share
        y = waist + (low - waist) * top
        start = middle * 0.3 + (x - middle) * 0.5
        pen.stroke(
            [(start, y), ((start + x) / 2 + 0.02, (y + low) / 2), (x, low - 0.05)],
            0.9,
            fold,
            opacity=0.85,
        )


def _tassets(pen: Pen, look: Look, bones: Skeleton) -> None:
    b, w = bones.body, look.width * bones.body
    y = bones.pelvis[1] - 0.36 * b
    for side in (-1.0, 1.0):
        x = side * 0.36 * w
        pen.shape(
            [
                (x - 0.26 * w, y, 0), (x - 0.32 * w, y + 1.0 * b), (x, y + 1.12 * b),
                (x + 0.32 * w, y + 1.0 * b), (x + 0.26 * w, y, 0),
            ],
            look.primary,
            0.9,
        )  # fmt: skip
        for row in range(3):
            yy = y + (0.24 + row * 0.26) * b
            pen.stroke(
                [(x - 0.29 * w, yy), (x, yy + 0.06 * b), (x + 0.29 * w, yy)],
                0.8,
                colour.fold_of(look.primary),
                start=0.6,
                end=0.6,
            )
        pen.stroke(
            [(x - 0.31 * w, y + 0.96 * b), (x, y + 1.06 * b), (x + 0.31 * w, y + 0.96 * b)],
            2.0,
            GOLD,
            start=0.8,
            end=0.8,
        )


def sleeve(pen: Pen, look: Look, bones: Skeleton, near: bool) -> None:
    """One sleeve with its hand."""
    cut, b, w = cut_of(look), bones.body, look.width * bones.body
    s, e, wrist = (
        (bones.near_shoulder, bones.near_elbow, bones.near_wrist)
        if near
        else (bones.far_shoulder, bones.far_elbow, bones.far_wrist)
    )
    kind = bones.pose.near_hand if near else bones.pose.far_hand
    size = 0.46 * b * (0.86 if look.female else 1.0)
    cloth = look.primary if near else colour.darker(look.primary, 0.1)
    bulk = (0.6 * b + 0.4 * w) * (0.9 if look.female else 1.0)
    if cut.sleeve == "wide" and wrist[1] < e[1]:
        pen.shape(
            limbs.tube(
                _at(e, wrist, 0.3), _at(e, wrist, 0.6), wrist, 0.15 * bulk, 0.14 * bulk, 0.12 * bulk
            ),
            look.skin_colour,
            0.9,
        )
    limbs.hand(pen, e, wrist, kind, size, look.skin_colour, mirror=not near)
    if cut.sleeve == "wide":
        limbs.wide_sleeve(
            pen, s, e, wrist, bulk, cloth, look.secondary, cut.hang * b, -1.0 if near else 1.0
        )
    elif cut.sleeve == "short":
        pen.shape(
            limbs.tube(s, e, wrist, 0.18 * bulk, 0.15 * bulk, 0.12 * bulk), look.skin_colour, 0.9
        )
        elbow = _at(s, e, 0.8)
        pen.shape(
            limbs.tube(s, _at(s, e, 0.5), elbow, 0.26 * bulk, 0.26 * bulk, 0.27 * bulk), cloth, 1.0
        )
    else:
        cuff = (
            look.secondary
            if cut.collar in ("plate", "button") or look.clothes in ("dress", "coat")
            else None
        )
        limbs.narrow_sleeve(pen, s, e, wrist, bulk * 1.08, cloth, cuff)
        if cut.collar == "plate":
            _bracer(pen, look, s, e, wrist, bulk)
        elif look.clothes == "suit":
            limbs.narrow_sleeve(
                pen,
                _at(e, wrist, 0.93),
                _at(e, wrist, 0.95),
                wrist,
                bulk * 0.96,
                look.secondary,
                None,
            )


def _bracer(pen: Pen, look: Look, s: Joint, e: Joint, wrist: Joint, bulk: float) -> None:
    u = _at(e, wrist, 0.3)
    pen.shape(
        limbs.tube(
            u, _at(e, wrist, 0.6), _at(e, wrist, 0.95), 0.2 * bulk, 0.19 * bulk, 0.18 * bulk
        ),
        STEEL,
        0.9,
    )
    pauldron: list[Point] = [
        (s[0] - 0.34 * bulk, s[1] + 0.3 * bulk), (s[0] - 0.36 * bulk, s[1] - 0.08 * bulk),
        (s[0], s[1] - 0.32 * bulk), (s[0] + 0.36 * bulk, s[1] - 0.06 * bulk),
        (s[0] + 0.34 * bulk, s[1] + 0.3 * bulk), (s[0], s[1] + 0.42 * bulk),
    ]  # fmt: skip
    pen.shape(pauldron, look.primary, 1.0)
    for row in (0.0, 0.2):
        pen.stroke(
            [
                (s[0] - 0.34 * bulk, s[1] + row * bulk),
                (s[0], s[1] + (row + 0.12) * bulk),
                (s[0] + 0.34 * bulk, s[1] + row * bulk),
            ],
            1.2,
            GOLD,
            start=0.7,
            end=0.7,
        )
