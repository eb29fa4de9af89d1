"""Which encoder compares pictures: the one that the settings name, else colours and shapes.

IDENTITY_ENCODER={"title": "clip-vit-l14", "path": "/srv/models/clip-visual.onnx",
                  "sha256": "…", "side": 224, "mean": [0.48, 0.46, 0.41], "std": [0.27, 0.26, 0.28]}
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings

from engines.likeness.colours import ColourShape
from engines.likeness.onnx import OnnxEncoder, OnnxSettings
from engines.likeness.protocol import Encoder, EncoderMissing


def encoder_in_use() -> Encoder:
    """Raises EncoderMissing where the settings name one that is not there: no other takes its place."""
    told = settings.IDENTITY_ENCODER.strip()
    return OnnxEncoder(_settings(told)) if told else ColourShape()


def _settings(text: str) -> OnnxSettings:
    try:
        told: Any = json.loads(text)
        named = {key: told[key] for key in ("side", "mean", "std") if key in told}
        for key in ("mean", "std"):
            if key in named:
                named[key] = tuple(float(number) for number in named[key])
                if len(named[key]) != 3:
                    raise ValueError(key)
        return OnnxSettings(
            title=str(told["title"]), path=Path(told["path"]), sha256=str(told["sha256"]), **named
        )
    except (ValueError, KeyError, TypeError) as error:
        raise EncoderMissing(
            f"IDENTITY_ENCODER needs title, path and sha256 as JSON ({error})."
        ) from error
