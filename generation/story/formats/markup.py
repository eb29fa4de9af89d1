"""Markdown and web pages to lines."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt

from engines.documents import Line, html_lines

__all__ = ["markdown_lines", "page_lines"]

page_lines = html_lines


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    """CommonMark. HTML in it is markup too; an indented line is a Chinese paragraph, no code."""
    return MarkdownIt("commonmark", {"html": True, "breaks": True}).disable("code")


def markdown_lines(text: str) -> list[Line]:
    """A line per paragraph or line break, headings as such, emphasis and links only as words."""
    return html_lines(f"<html><body>{_markdown().render(text)}</body></html>")
