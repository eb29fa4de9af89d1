"""What every adapter is asked for in its tests."""

from engines.images import PictureRequest, Reference, Region
from engines.images.decoding import clean_picture
from tests.engines.painting import painted

ASKED = PictureRequest(
    prompt="one boy, one girl; a hall; 林清: black hair; 苏月: red dress",
    negative="extra people",
    seed=4711,
    width=1080,
    height=1920,
    common="one boy, one girl; a hall",
    regions=(
        Region("c1", "林清: black hair", (0.0, 0.1, 0.45, 0.9)),
        Region("c2", "苏月: red dress", (0.5, 0.1, 0.45, 0.9)),
    ),
    timeout=10,
)
FACE = Reference("c1", clean_picture(painted(seed=3)).png, (0.0, 0.1, 0.45, 0.9))


class Stop(Exception):
    """What a watch raises."""
