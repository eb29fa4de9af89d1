"""What people wrote in both languages, in the reader's."""

from django.utils.translation import get_language


def in_language(chinese: str, english: str) -> str:
    """The Chinese words for a Chinese reader, and where there are no English ones."""
    return chinese if (get_language() or "zh").startswith("zh") or not english else english
