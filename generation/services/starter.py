"""A project to play with from the first minute: a story of our own, its first chapter made into a film."""

from pathlib import Path

from crm.models import Creator, User
from generation.models import Run
from generation.services.novels import novel_upload
from generation.services.runs import run_start

STORIES = Path(__file__).resolve().parents[1] / "starter"
LANGUAGES = {"zh-hans": "三更少一刻.txt", "en": "The Lamp That Kept Wrong Time.txt"}
CHAPTERS = 1
FORM = "starter"


def starter_text(language: str) -> bytes:
    """The starter story in a language of the interface; Chinese for any other."""
    known = language if language in LANGUAGES else "zh-hans"
    return (STORIES / f"{known}.txt").read_bytes()


def starter_give(*, creator: Creator, language: str, actor: User | None = None) -> tuple[Run, bool]:
    """The starter project with a run over its first chapter; given once. Returns it and whether it is new.

    It counts neither against the quota nor as use of a feature: nobody chose it.
    """
    known = language if language in LANGUAGES else "zh-hans"
    novel, _new = novel_upload(
        creator=creator, data=starter_text(known), name=LANGUAGES[known], actor=actor, sample=True
    )
    chapters = novel.chapters.exclude(title="").order_by("index")
    return run_start(
        novel=novel,
        token=FORM,
        chapters=[item.index for item in chapters[:CHAPTERS]],
        actor=actor,
        sample=True,
    )
