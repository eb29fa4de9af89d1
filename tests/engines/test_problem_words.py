"""What is wrong with a template is said in the reader's language, every sentence of it."""

import re
from pathlib import Path

from django.utils import translation

from engines.admin.problem_words import problem_words
from engines.images import templates
from engines.images.templates import BadTemplate, parse

ENGLISH = re.compile(r"\b(?:must|there is|needs|nothing takes|is missing|not known|earlier)\b")
WRONG: tuple[dict[str, object], ...] = (
    {"kind": "x", "strange": 1},
    {"kind": "openai", "body": {}},
    {"kind": "openai", "body": {"a": "{{nonsense}} {{Bad}}"}, "most_references": 99, "parameters": 3},
    {"kind": "comfyui", "body": {"1": {"class_type": "X", "inputs": {"a": ["9", 0]}}, "2": 7}, "each": 5,
     "without": 4, "output": "8"},
    {"kind": "comfyui", "body": {"1": {"class_type": "X", "inputs": {}}}, "parameters": {"A": 1, "ok": {}},
     "each": [{"over": "moons", "into": "Bad"}, {"over": "regions", "into": "people"}],
     "without": {"regions": 5}, "output": "1"},
)  # fmt: skip


def test_every_problem_that_a_template_can_have_is_said_in_chinese() -> None:
    said = []
    for document in WRONG:
        try:
            parse(document)
        except BadTemplate as error:
            said += error.problems
    assert len(said) >= 12
    with translation.override("zh-hans"):
        left = [words for words in map(problem_words, said) if ENGLISH.search(words)]
    assert not left
    with translation.override("en"):
        assert [problem_words(words) for words in said] == said


def test_a_sentence_that_is_new_there_is_missed_here() -> None:
    """The control: how many sentences the room has; who adds one translates it."""
    source = Path(templates.__file__).read_text("utf-8")
    assert len(re.findall(r"problems\.append\(|problems \+=|\*problems, f?\"", source)) <= 27
    with translation.override("zh-hans"):
        assert problem_words("body: a new sentence") == "body: a new sentence"
