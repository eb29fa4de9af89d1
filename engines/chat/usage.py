"""What an engine says that it used, believed only where it can be true."""

from __future__ import annotations

from typing import TypeGuard

from engines.chat.measuring import tokens_of
from engines.chat.protocol import ChatRequest, Usage

# Vendors add the chat template and tools of their own to what is sent.
TEMPLATE_TOKENS = 2_000
# A model that thinks is billed for what it thinks, beyond the answer's bound.
THINKING_TOKENS = 64_000


def reported_usage(told: object, request: ChatRequest, text: str) -> Usage:
    """The reported usage; an estimate of ours where there is none or none that can be true."""
    found = _numbers(told)
    if found is not None and _plausible(found, request):
        return found
    return Usage(request.input_tokens(), tokens_of(text), 0, reported=False)


def _numbers(told: object) -> Usage | None:
    if not isinstance(told, dict):
        return None
    ours, theirs = told.get("prompt_tokens"), told.get("completion_tokens")
    details = told.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else None
    if cached is None:
        cached = told.get("prompt_cache_hit_tokens")  # DeepSeek's own name
    cached = cached or 0
    counted = [number for number in (ours, theirs, cached) if _counts(number)]
    if len(counted) != 3:
        return None
    return Usage(counted[0], counted[1], min(counted[2], counted[0]))


def _counts(number: object) -> TypeGuard[int]:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 0


def _plausible(usage: Usage, request: ChatRequest) -> bool:
    most_in = request.input_tokens_at_most() + TEMPLATE_TOKENS
    return (
        0 < usage.input_tokens <= most_in
        and usage.output_tokens <= request.max_tokens + THINKING_TOKENS
    )
