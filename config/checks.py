"""System checks: combinations of settings that must not start."""

import os
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from config.payments import NEEDED
from crm.webhooks.keys import public_key


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


@register()
def payment_providers_are_whole(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A provider is set up wholly or not at all, with keys that can be read."""
    found: list[CheckMessage] = []
    for provider, needed in NEEDED.items():
        given = settings.PAYMENTS[provider]
        missing = [variable for name, variable in needed.items() if not given[name]]
        if missing and len(missing) < len(needed):
            found.append(
                Error(
                    f"Payments by {provider} are half set up: {', '.join(missing)} missing.",
                    hint="Set all of the provider's variables, or none.",
                    id="pingju.E003",
                )
            )
        key = given.get("public_key")
        if key and not _is_public_key(key):
            found.append(_unreadable(needed["public_key"], "an RSA public key of 2048 bits"))
    sealed = settings.PAYMENTS["wechat"]["api_v3_key"]
    if sealed and len(sealed.encode()) != 32:
        found.append(_unreadable("WECHATPAY_API_V3_KEY", "a key of exactly 32 bytes"))
    return found


@register()
def practice_payments_only_embedded(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """The test provider books payments that nobody paid."""
    if settings.PAYMENTS["test"]["secret"] and not settings.EMBEDDED:
        return [
            Error(
                "PRACTICE_PAYMENTS is on, but DATABASE_URL points to a server of your own.",
                hint="Unset PRACTICE_PAYMENTS: the test provider is for the embedded default only.",
                id="pingju.E004",
            )
        ]
    return []


def _is_public_key(text: str) -> bool:
    try:
        public_key(text)
    except ValueError:
        return False
    return True


def _unreadable(variable: str, wanted: str) -> CheckMessage:
    return Error(
        f"{variable} is not {wanted}.",
        hint="Copy it again from the provider's console; line breaks may be written as \\n.",
        id="pingju.E005",
    )


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
