"""Likeness of pictures: encoders that turn a picture into a vector, each with its name."""

from engines.likeness.protocol import Encoder, EncoderMissing
from engines.likeness.registry import encoder_in_use

__all__ = ["Encoder", "EncoderMissing", "encoder_in_use"]
