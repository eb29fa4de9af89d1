"""System checks: engine settings that must not start."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from engines.chat.registry import BadEngineSettings, chat_settings
from engines.configured import keys_not_set, waiting_too_long
from engines.images.registry import BadImageSettings, image_settings
from engines.speech.registry import BadEngineSettings as BadSpeechSettings
from engines.speech.registry import speech_settings
from engines.transcription.registry import BadTranscriberSettings, transcriber_settings


@register()
def chat_engines_can_be_read(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A name, an address, a model, no key in it; and every engine gives up before its task does."""
    try:
        engines = chat_settings()
    except BadEngineSettings as error:
        return [Error(str(error), hint="See docs/adr/0017-chat-engines.md.", id="engines.E001")]
    named = [(engine.name, engine.key_env) for engine in engines.values()]
    late = waiting_too_long("CHAT_ENGINES", engines.values(), "engines.E002")
    return late + keys_not_set("CHAT_ENGINES", named, "engines.W001")


@register()
def transcribers_can_be_read(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """As for chat: a name, an address, a model, no key, and an end before the task's."""
    try:
        engines = transcriber_settings()
    except BadTranscriberSettings as error:
        return [Error(str(error), hint="See docs/adr/0021-recordings.md.", id="engines.E021")]
    return waiting_too_long("TRANSCRIPTION_ENGINES", engines.values(), "engines.E022")


@register()
def image_engines_can_be_read(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """The same for IMAGE_ENGINES."""
    try:
        engines = image_settings()
    except BadImageSettings as error:
        return [Error(str(error), hint="See docs/adr/0022-pictures.md.", id="engines.E003")]
    named = [(e.name, key) for e in engines.values() for key in (e.key_env, e.login_env)]
    late = waiting_too_long("IMAGE_ENGINES", engines.values(), "engines.E004")
    return late + keys_not_set("IMAGE_ENGINES", named, "engines.W002", drop="it")


@register()
def speech_engines_can_be_read(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """The same for SPEECH_ENGINES."""
    try:
        engines = speech_settings()
    except BadSpeechSettings as error:
        return [Error(str(error), hint="See docs/adr/0023-film-and-voice.md.", id="engines.E005")]
    named = [(engine.name, engine.key_env) for engine in engines.values()]
    late = waiting_too_long("SPEECH_ENGINES", engines.values(), "engines.E006")
    return late + keys_not_set("SPEECH_ENGINES", named, "engines.W003")
