"""Sounds made by code, and recordings of them."""

from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from crm.models import Interview, Recording
from engines.transcription.sound import RATE, wav_of


def tone(seconds: float, *, hertz: float = 220.0, loud: float = 0.3) -> Any:
    """Samples of a sine; `loud` 0 is silence."""
    time = np.arange(int(seconds * RATE)) / RATE
    return (loud * 32767 * np.sin(2 * np.pi * hertz * time)).astype(np.int16)


def wav(*parts: float) -> bytes:
    """A WAV file of so many seconds each: sound, silence, sound …"""
    return wav_of(
        np.concatenate([tone(part, loud=0.3 * (n % 2 == 0)) for n, part in enumerate(parts)])
    )


def upload(data: bytes, name: str = "访谈.wav") -> ContentFile:
    return ContentFile(data, name=name)


def recording_of(
    interview: Interview, *, data: bytes = b"", name: str = "访谈.wav", tail: bytes = b""
) -> Recording:
    """A kept recording with its file, without looking into it. `tail` is put behind the sound."""
    sound = (data or wav(0.9)) + tail
    path = default_storage.save(f"recordings/{interview.pk}/x.wav", ContentFile(sound))
    return Recording.objects.create(
        interview=interview, path=path, name=name, kind="audio", content_type="audio/wav",
        size=len(sound), sha256=f"{abs(hash(sound)):064x}", duration_ms=900, kept_at=timezone.now(),
    )  # fmt: skip
