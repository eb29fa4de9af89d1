"""System checks: engine settings that must not start."""

import os
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from engines.chat.registry import BadEngineSettings, chat_settings
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
    found: list[CheckMessage] = [
        Error(
            f"CHAT_ENGINES: {engine.name} waits {engine.timeout:g} s, longer than ENGINE_TIMEOUT "
            f"({settings.ENGINE_TIMEOUT} s).",
            hint="Lower its timeout, or raise ENGINE_TIMEOUT below TASK_SOFT_LIMIT.",
            id="engines.E002",
        )
        for engine in engines.values()
        if engine.timeout > settings.ENGINE_TIMEOUT
    ]
    found += [
        Warning(
            f"CHAT_ENGINES: {engine.name} takes its key from {engine.key_env}, which is not set.",
            hint=f"Set {engine.key_env} in the environment of web and workers, or drop key_env.",
            id="engines.W001",
        )
        for engine in engines.values()
        if engine.key_env and not os.environ.get(engine.key_env)
    ]
    return found


@register()
def transcribers_can_be_read(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """As for chat: a name, an address, a model, no key, and an end before the task's."""
    try:
        engines = transcriber_settings()
    except BadTranscriberSettings as error:
        return [Error(str(error), hint="See docs/adr/0021-recordings.md.", id="engines.E021")]
    return [
        Error(
            f"TRANSCRIPTION_ENGINES: {engine.name} waits {engine.timeout:g} s, longer than "
            f"ENGINE_TIMEOUT ({settings.ENGINE_TIMEOUT} s).",
            hint="Lower its timeout, or raise ENGINE_TIMEOUT below TASK_SOFT_LIMIT.",
            id="engines.E022",
        )
        for engine in engines.values()
        if engine.timeout > settings.ENGINE_TIMEOUT
    ]


@register()
def image_engines_can_be_read(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """The same for IMAGE_ENGINES."""
    try:
        engines = image_settings()
    except BadImageSettings as error:
        return [Error(str(error), hint="See docs/adr/0022-pictures.md.", id="engines.E003")]
    found: list[CheckMessage] = [
        Error(
            f"IMAGE_ENGINES: {engine.name} waits {engine.timeout:g} s, longer than ENGINE_TIMEOUT "
            f"({settings.ENGINE_TIMEOUT} s).",
            hint="Lower its timeout, or raise ENGINE_TIMEOUT below TASK_SOFT_LIMIT.",
            id="engines.E004",
        )
        for engine in engines.values()
        if engine.timeout > settings.ENGINE_TIMEOUT
    ]
    found += [
        Warning(
            f"IMAGE_ENGINES: {engine.name} takes its key from {variable}, which is not set.",
            hint=f"Set {variable} in the environment of web and workers, or drop it.",
            id="engines.W002",
        )
        for engine in engines.values()
        for variable in (engine.key_env, engine.login_env)
        if variable and not os.environ.get(variable)
    ]
    return found


@register()
def speech_engines_can_be_read(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """The same for SPEECH_ENGINES."""
    try:
        engines = speech_settings()
    except BadSpeechSettings as error:
        return [Error(str(error), hint="See docs/adr/0023-film-and-voice.md.", id="engines.E005")]
    found: list[CheckMessage] = [
        Error(
            f"SPEECH_ENGINES: {engine.name} waits {engine.timeout:g} s, longer than ENGINE_TIMEOUT "
            f"({settings.ENGINE_TIMEOUT} s).",
            hint="Lower its timeout, or raise ENGINE_TIMEOUT below TASK_SOFT_LIMIT.",
            id="engines.E006",
        )
        for engine in engines.values()
        if engine.timeout > settings.ENGINE_TIMEOUT
    ]
    found += [
        Warning(
            f"SPEECH_ENGINES: {engine.name} takes its key from {engine.key_env}, which is not set.",
            hint=f"Set {engine.key_env} in the environment of web and workers, or drop key_env.",
            id="engines.W003",
        )
        for engine in engines.values()
        if engine.key_env and not engine.key
    ]
    return found
