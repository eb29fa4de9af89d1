"""What assistants do and what people decide about it."""

from insights.services.assistants.deciding import suggestion_accept, suggestion_reject
from insights.services.assistants.jobs import (
    answer_start,
    coding_start,
    job_cancel,
    job_execute,
    suggest_start,
)

__all__ = [
    "answer_start",
    "coding_start",
    "job_cancel",
    "job_execute",
    "suggest_start",
    "suggestion_accept",
    "suggestion_reject",
]
