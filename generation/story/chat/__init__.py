"""The chat text engine: a model says where shots are and what is seen; code does all the rest.

Numbered sentences go in, ranges and enums come out. The model never writes text of the novel, looks,
prompts, offsets or ids of the book; each chapter is asked by itself, so that chapters may be asked
in any order, by any number of workers, and a changed chapter costs only itself.
"""

from generation.story.chat.directing import Limits, direct_chapter
from generation.story.chat.quote import Quotation, quote

__all__ = ["Limits", "Quotation", "direct_chapter", "quote"]
