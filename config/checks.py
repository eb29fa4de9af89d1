"""System checks: combinations of settings that must not start."""

import os
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register()
def sample_workspace_only_embedded(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """The sample logins are public knowledge, so they live on the embedded default only."""
    if settings.SAMPLE_WORKSPACE and not settings.EMBEDDED:
        return [
            Error(
                "SAMPLE_WORKSPACE is on, but DATABASE_URL points to a server of your own.",
                hint="Unset SAMPLE_WORKSPACE: sample logins are for the embedded default only.",
                id="pingju.E001",
            )
        ]
    return []


@register()
def time_limits_nest(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """An engine must give up before the task, and the task before its worker is killed."""
    soft, hard = settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT
    visibility = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout", hard + 1)
    if not settings.ENGINE_TIMEOUT < soft < hard < visibility:
        return [
            Error(
                f"ENGINE_TIMEOUT ({settings.ENGINE_TIMEOUT}) < TASK_SOFT_LIMIT ({soft}) < "
                f"TASK_HARD_LIMIT ({hard}) < visibility timeout ({visibility}) does not hold.",
                hint="Raise the later limits or lower the earlier ones.",
                id="pingju.E002",
            )
        ]
    return []


@register(deploy=True)
def production_keys_are_set(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Away from the embedded default, keys kept in a folder beside the code are lost or shared."""
    if settings.EMBEDDED:
        return []
    missing = [name for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS") if not os.environ.get(name)]
    return [
        Warning(
            f"{name} is not set; a key kept on this machine's disk is used.",
            hint=f"Set {name} in the environment of every web and worker process.",
            id="pingju.W001",
        )
        for name in missing
    ]
