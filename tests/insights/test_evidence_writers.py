"""Nothing enters the evidence without a person's yes: who may write it at all, and what may reach them.

Here are the ways in: pages, tasks, jobs and
commands.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROOMS = ("config", "generation", "insights", "crm", "engines")

# Each module that adds evidence or calls what does, and whose yes it is.
WRITERS = {
    "insights/services/highlights.py": "the coder's, by passage_tag, which takes the coder",
    "insights/services/assistants/deciding.py": "whoever accepts a suggestion",
    "insights/services/rounds.py": "whoever settles a disagreement",
    "insights/services/qda/passages.py": "whoever imports a project that people coded",
    "insights/admin/workspace.py": "whoever tags",
    "config/sample/loader.py": "invented, and marked so",
    "config/fill/interviews.py": "invented, and marked so",
}
# Where the yes is given: a form's view, or a command that a person runs.
DOORS = {
    "suggestion_accept": {"insights/admin/assistants.py"},
    "unit_adjudicate": {"insights/admin/rounds.py", "config/sample/coding.py"},
    "passage_tag": {
        "insights/admin/workspace.py", "insights/services/assistants/deciding.py",
        "insights/services/rounds.py", "config/sample/loader.py",
    },
    "qda_import": {"insights/management/commands/import_qda.py"},
    # The job's row is the yes: it is made for a file that waited until somebody had seen it.
    "upload_book": {"insights/admin/exchange.py", "insights/services/exchange_jobs.py"},
}  # fmt: skip


def modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name and not name.startswith("generation/story/"):
                yield name, ast.parse(path.read_text("utf-8"))


def used(tree: ast.AST) -> set[str]:
    """Names that the module calls or hands on; importing them is no use yet."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def writes(tree: ast.AST) -> bool:
    making = {"create", "bulk_create", "get_or_create", "update_or_create"}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        parts = ast.unparse(node.func).split(".")
        copied = parts[-1] == "copy_rows" and ast.unparse(node.args[0]) == "Evidence"
        if copied or parts[-1] in ("Evidence", "passage_tag"):
            return True
        if parts[-1] in making and "Evidence" in parts:
            return True
    return "INTO insights_evidence" in ast.unparse(tree)


def test_evidence_is_written_where_somebody_said_yes_and_nowhere_else() -> None:
    assert {name for name, tree in modules() if writes(tree)} == set(WRITERS)


def test_what_writes_it_is_called_only_where_somebody_says_yes() -> None:
    found: dict[str, set[str]] = {door: set() for door in DOORS}
    for name, tree in modules():
        for door in used(tree) & set(found):
            found[door].add(name)

    assert found == DOORS


def test_a_module_that_would_code_by_itself_is_seen() -> None:
    """The control of both."""
    for source in (
        "Evidence.objects.bulk_create(rows)",
        "models.Evidence(pain=pain)",
        "highlights.passage_tag(start=0)",
        "run('INSERT INTO insights_evidence VALUES')",
        "copy_rows(Evidence, [], rows)",
    ):
        assert writes(ast.parse(source)), source  # fmt: skip
    assert used(ast.parse("act = suggestion_accept if yes else None")) >= {"suggestion_accept"}
    assert not writes(ast.parse("Evidence.objects.filter(pain=pain).count()"))
