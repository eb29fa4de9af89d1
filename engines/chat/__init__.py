"""Chat: text in, text out, whatever stands behind it. Pure: no Django, no vendor, no network here.

`registry.chat_engine(name)` gives the configured adapter; every call that may cost money goes
through `engines.services.paid.paid_chat`.
"""

from engines.chat.protocol import (
    Chat,
    ChatAnswer,
    ChatRequest,
    Complete,
    Message,
    PaidAnswer,
    Schema,
    Usage,
)

__all__ = [
    "Chat",
    "ChatAnswer",
    "ChatRequest",
    "Complete",
    "Message",
    "PaidAnswer",
    "Schema",
    "Usage",
]
