"""A transcription that is paid at most once; what an engine on this machine does costs nothing."""

from __future__ import annotations

import time
from functools import partial
from math import ceil

from django.utils import timezone

from engines.chat.protocol import Usage
from engines.models import Budget
from engines.pricing import price_of
from engines.services.buying import Bought, Purchase, Wait, buy
from engines.transcription.protocol import (
    Transcriber,
    TranscriptionAnswer,
    TranscriptionRequest,
)
from engines.transcription.registry import TranscriberSettings

# More tokens than any engine makes of a second of speech, in and out.
_TOKENS_A_SECOND = 40


def transcription_key(engine: Transcriber, request: TranscriptionRequest) -> str:
    return request.content_key(engine.name, engine.model, engine.version)


def paid_transcription(
    *,
    engine: Transcriber,
    told: TranscriberSettings,
    request: TranscriptionRequest,
    budget: Budget,
    wait: Wait = time.sleep,
) -> Bought[TranscriptionAnswer]:
    """The cues of a piece, bought if nobody has bought them yet: see `buying.buy`.

    An engine that bills by the second counts seconds as tokens in, so its price is entered for a
    million seconds.
    """
    seconds = ceil(request.seconds) + 1
    most = Usage(seconds, 0)
    if told.bills == "tokens":
        most = Usage(seconds * _TOKENS_A_SECOND, seconds * _TOKENS_A_SECOND)
    wanted = Purchase(
        engine=engine.name,
        model=engine.model,
        key=transcription_key(engine, request),
        purpose=request.purpose,
        most=most,
        timeout=request.timeout,
        ask=partial(engine.transcribe, request),
        read=TranscriptionAnswer.from_dict,
    )
    return buy(
        wanted,
        budget=budget,
        price=lambda: price_of(engine.name, engine.model, timezone.now()),
        wait=wait,
    )
