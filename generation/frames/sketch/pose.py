"""Poses: joint angles, and the joints that follow from them for one build.

Figure space: x to the side that the figure faces, y downwards, the ground at y = 0, the unit is
an adult's head height. Angles are degrees from straight down, positive towards the facing side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians, sin
from typing import Any

from generation.frames.sketch.look import Look

Joint = tuple[float, float]
Limb = tuple[float, float]  # upper and lower part's angles

THIGH, SHIN, ANKLE = 1.62, 1.58, 0.16
UPPER_ARM, FOREARM = 1.16, 1.0
TORSO, NECK = 2.02, 0.2


@dataclass(frozen=True)
class Pose:
    """Joint angles; `near` is the side towards the viewer."""

    near_arm: Limb = (-9, 8)
    far_arm: Limb = (10, 22)
    near_leg: Limb = (-4, -3)
    far_leg: Limb = (7, 5)
    lean: float = 0.0
    nod: float = 0.0
    near_hand: str = "relaxed"
    far_hand: str = "relaxed"
    prop: str = ""  # what the pose needs: seat, desk, mount, bed
    lift: float = 0.0  # pelvis above what the legs give (mount)


POSES: dict[str, Pose] = {
    "stand": Pose(),
    "walk": Pose((-30, -10), (26, 48), (-24, -34), (22, 16), lean=4),
    "run": Pose(
        (-48, 30), (46, 118), (-34, -88), (52, 10), lean=17, near_hand="fist", far_hand="fist"
    ),
    "sit": Pose((6, 62), (20, 76), (58, -4), (72, 6), prop="seat"),
    "kneel": Pose((12, 58), (24, 70), (24, -88), (34, -86), lean=6, nod=8),
    "bow": Pose(
        (44, 96), (56, 104), (-3, -2), (5, 4), lean=30, nod=20, near_hand="fist", far_hand="fist"
    ),
    "point": Pose(
        (-22, 42), (84, 92), (-8, -5), (12, 8), lean=3, near_hand="fist", far_hand="point"
    ),
    "fight": Pose(
        (-60, -128), (70, 96), (-34, -22), (48, 4), lean=9, near_hand="fist", far_hand="fist"
    ),
    "ride": Pose(
        (18, 66), (34, 84), (46, -8), (52, -4),
        lean=5,
        near_hand="fist",
        far_hand="fist",
        prop="mount",
        lift=1.5,
    ),
    "cycle": Pose(
        (38, 62), (46, 70), (52, -16), (24, -34),
        lean=10,
        near_hand="fist",
        far_hand="fist",
        prop="mount",
        lift=0.45,
    ),
    "lie": Pose((2, 8), (4, 8), (-2, 0), (6, 3), nod=0, prop="bed"),
    "write": Pose(
        (20, 84), (34, 96), (60, 0), (70, 4),
        lean=10,
        nod=12,
        near_hand="hold",
        far_hand="relaxed",
        prop="desk",
    ),
    "hold": Pose((14, 92), (28, 102), (-4, -3), (7, 5), near_hand="hold", far_hand="hold"),
    "talk": Pose((-10, 20), (22, 112), (-4, -3), (8, 6), lean=1, far_hand="open"),
    "carry": Pose((16, 104), (8, 22), (-4, -3), (7, 5), near_hand="hold"),
    "sit_drink": Pose((22, 118), (20, 76), (58, -4), (72, 6), near_hand="hold", prop="seat"),
    "weep": Pose((28, 158), (14, 40), (-4, -3), (7, 5), lean=6, nod=18, near_hand="relaxed"),
    "embrace": Pose((34, 96), (48, 104), (-4, -3), (8, 6), lean=5, nod=3, near_hand="relaxed"),
    "cower": Pose((44, 150), (38, 140), (14, -22), (22, -10), lean=-7, nod=6, near_hand="open", far_hand="open"),
    "wave": Pose((-10, 16), (118, 168), (-4, -3), (8, 6), lean=1, far_hand="open"),
    "think": Pose((26, 150), (12, 70), (-4, -3), (7, 5), nod=5, near_hand="fist"),
    "fly": Pose((-40, -14), (96, 100), (-10, -26), (16, 2), lean=12, far_hand="open", prop="cloud", lift=0.5),
}  # fmt: skip


@dataclass(frozen=True)
class Skeleton:
    """Joints of one figure in figure space."""

    pelvis: Joint
    neck: Joint
    head: Joint  # centre
    near_shoulder: Joint
    far_shoulder: Joint
    near_elbow: Joint
    far_elbow: Joint
    near_wrist: Joint
    far_wrist: Joint
    near_hip: Joint
    far_hip: Joint
    near_knee: Joint
    far_knee: Joint
    near_ankle: Joint
    far_ankle: Joint
    tilt: float  # head's turn in degrees clockwise
    lean: float
    body: float  # scale of everything below the head
    pose: Pose


# Clothes that reach to the feet: whoever runs in them takes shorter steps.
LONG = frozenset({"robe", "hanfu", "dress", "monk_robe"})
# Arms that would reach over the neighbour in a close frame are held nearer.
NEARER: dict[str, dict[str, Any]] = {
    "talk": {"far_arm": (4, 16), "far_hand": "relaxed"},
    "walk": {"near_arm": (-14, 2), "far_arm": (8, 30)},
    "run": {"near_arm": (-26, 40), "far_arm": (14, 112)},
    "point": {"far_arm": (24, 128)},
    "fight": {"near_arm": (-30, -140), "far_arm": (22, 120)},
    "bow": {"near_arm": (26, 112), "far_arm": (34, 118)},
    "hold": {"near_arm": (-4, 118), "far_arm": (0, 24), "far_hand": "relaxed"},
    "carry": {"near_arm": (-4, 124), "far_arm": (2, 14)},
    "wave": {"far_arm": (24, 176)},
    "fly": {"near_arm": (-20, -6), "far_arm": (20, 120)},
    "sit": {"near_arm": (-4, 46), "far_arm": (4, 58)},
    "sit_drink": {"near_arm": (0, 128), "far_arm": (4, 58)},
    "kneel": {"near_arm": (4, 56), "far_arm": (10, 64)},
    "ride": {"near_arm": (6, 70), "far_arm": (14, 84)},
    "write": {"near_arm": (6, 88), "far_arm": (16, 96)},
}


GESTURES: tuple[tuple[Limb, str], ...] = (
    ((-8, 114), "open"), ((-10, 74), "open"), ((-4, 146), "point"), ((-12, 96), "hold"),
)  # fmt: skip


def pose_of(name: object, look: Look, close: bool = False, indoors: bool = False) -> Pose:
    """The pose by its name (unknown names stand), adapted to what the character carries and,
    `close`, to somebody who stands right beside it; nobody opens an umbrella `indoors`."""
    pose = POSES.get(name, POSES["stand"]) if isinstance(name, str) else POSES["stand"]
    standing = name in ("stand", None) or name not in POSES
    if name == "run" and look.clothes in LONG:
        pose = replace(pose, near_leg=(-28, -62), far_leg=(42, 12))
    if close and name in NEARER:
        pose = replace(pose, **NEARER[name])
        if name == "talk":  # everybody speaks with the same gesture all over a book
            near, hand = GESTURES[look.seed % len(GESTURES)]
            pose = replace(pose, near_arm=near, near_hand=hand)
    if look.accessory in ("staff", "spear") and (
        standing or name in ("walk", "talk", "point", "wave", "think")
    ):
        return replace(pose, near_arm=(-12, -22), near_hand="fist")
    if look.accessory == "umbrella" and indoors:
        return replace(pose, near_arm=(-12, -4), near_hand="fist") if standing else pose
    if look.accessory == "umbrella" and name not in ("fight", "bow", "lie", "write", "run"):
        return replace(pose, near_arm=(-34, 170), near_hand="fist")
    if look.accessory in ("fan", "book") and (
        standing or name in ("talk", "sit", "walk", "wave", "think")
    ):
        return replace(pose, near_arm=(4, 116), near_hand="hold")
    return pose


def _step(start: Joint, angle: float, length: float) -> Joint:
    turn = radians(angle)
    return start[0] + sin(turn) * length, start[1] + cos(turn) * length


def _reach(leg: Limb, body: float) -> float:
    thigh = cos(radians(leg[0])) * THIGH
    knee_down = thigh + 0.24  # kneeling: the knee carries
    return max(knee_down, thigh + cos(radians(leg[1])) * SHIN + ANKLE) * body


def body_scale(look: Look) -> float:
    """Scale of the body below the head, so that the stature comes out as `look.height`."""
    return (6.6 * look.height - look.head) / 5.6


def skeleton(look: Look, pose: Pose) -> Skeleton:
    """Joints for one build in one pose; the lower foot stands on y = 0."""
    body = body_scale(look)
    rise = max(_reach(pose.near_leg, body), _reach(pose.far_leg, body)) + pose.lift * body
    pelvis = (0.0, -rise)
    neck = _step(pelvis, 180 - pose.lean, TORSO * body)
    across = 0.64 * body * look.width + 0.04 * body
    c, s = cos(radians(pose.lean)), sin(radians(pose.lean))
    near_shoulder = (neck[0] - c * across, neck[1] - s * across + 0.34 * body)
    far_shoulder = (neck[0] + c * across * 0.84, neck[1] + s * across * 0.84 + 0.32 * body)
    tilt = pose.lean * 0.45 + pose.nod
    hold = _step(neck, 180 - tilt, NECK * body)
    head = _step(hold, 180 - tilt, look.head * 0.47)
    hips = 0.34 * body * look.width
    near_hip, far_hip = (-hips, pelvis[1] + 0.08 * body), (hips * 0.85, pelvis[1] + 0.06 * body)
    near_knee = _step(near_hip, pose.near_leg[0], THIGH * body)
    far_knee = _step(far_hip, pose.far_leg[0], THIGH * body)
    near_elbow = _step(near_shoulder, pose.near_arm[0], UPPER_ARM * body)
    far_elbow = _step(far_shoulder, pose.far_arm[0], UPPER_ARM * body)
    return Skeleton(
        pelvis=pelvis,
        neck=neck,
        head=head,
        near_shoulder=near_shoulder,
        far_shoulder=far_shoulder,
        near_elbow=near_elbow,
        far_elbow=far_elbow,
        near_wrist=_step(near_elbow, pose.near_arm[1], FOREARM * body),
        far_wrist=_step(far_elbow, pose.far_arm[1], FOREARM * body),
        near_hip=near_hip,
        far_hip=far_hip,
        near_knee=near_knee,
        far_knee=far_knee,
        near_ankle=_step(near_knee, pose.near_leg[1], SHIN * body),
        far_ankle=_step(far_knee, pose.far_leg[1], SHIN * body),
        tilt=tilt,
        lean=pose.lean,
        body=body,
        pose=pose,
    )
