"""What assistants have to say about the sample, by the way that needs no engine."""

from crm.models import Interview, User
from crm.selectors import transcript_current
from insights.services.assistants import (
    answer_start,
    coding_start,
    job_execute,
    suggest_start,
)

QUESTION = "愿意为画图工具花多少钱？"


def load_assistants(actor: User) -> None:
    """Suggestions for the last interview, a coding as third coder, one question with its answer."""
    interview = Interview.objects.filter(is_sample=True, language="zh-hans").latest("at")
    transcript = transcript_current(interview)
    if transcript is not None:
        job_execute(suggest_start(transcript=transcript, way="offline", actor=actor).pk)
    job_execute(answer_start(question=QUESTION, way="offline", actor=actor).pk)
    job_execute(coding_start(study=None, way="offline", actor=actor).pk)
