"""Pictures: a prompt, regions and references in, one decoded picture out, whatever stands behind it.

`registry.image_engine(name)` gives the configured adapter; every call that may cost money goes
through `engines.services.pictures.paid_picture`.
"""

from engines.images.protocol import (
    Box,
    Images,
    PictureAnswer,
    PictureRequest,
    Reference,
    Region,
    Watch,
)

__all__ = ["Box", "Images", "PictureAnswer", "PictureRequest", "Reference", "Region", "Watch"]
