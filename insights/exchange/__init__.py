"""REFI-QDA projects (.qdpx) and codebooks (.qdc): bytes in, rows out, and back. Pure.

    project = read(data, "访谈.qdpx")
    write_project(project), write_codebook(project)

No framework and no database. What could not be used is in `Project.missing` and
`Project.remarks`, in codes that the layers above put into words. Offsets of what `read` returns
are Unicode code points in `Source.text`, half-open, whatever the file counted.
"""

from insights.exchange.errors import ExchangeError, Remark
from insights.exchange.model import (
    ORIGIN,
    Case,
    Code,
    CodeSet,
    Coding,
    Missing,
    Note,
    Project,
    Selection,
    Source,
    Turn,
    User,
    Variable,
    coding_count,
    walk_codes,
)
from insights.exchange.reading import read
from insights.exchange.turns import Layout
from insights.exchange.writing import write_codebook, write_project

__all__ = [
    "ORIGIN",
    "Case",
    "Code",
    "CodeSet",
    "Coding",
    "ExchangeError",
    "Layout",
    "Missing",
    "Note",
    "Project",
    "Remark",
    "Selection",
    "Source",
    "Turn",
    "User",
    "Variable",
    "coding_count",
    "read",
    "walk_codes",
    "write_codebook",
    "write_project",
]
