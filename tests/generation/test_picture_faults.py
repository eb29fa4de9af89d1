"""Why a picture engine brought no picture is said in the reader's language, every code of it."""

import re
from pathlib import Path

from django.utils import translation

from engines import faults
from generation.picture_faults import FAULTS, fault_words
from generation.services.frame_jobs import ENGINE_FAULT
from generation.studio_page import outcomes

ENGINES = Path(__file__).resolve().parents[2] / "engines"
RAISED = re.compile(r"""(?:code=|unusable\(\s*|BadPicture\(\s*|lost\("[^"]+", )"([a-z_]+)\"""")


def test_every_code_that_an_engine_raises_has_words() -> None:
    files = [*(ENGINES / "images").glob("*.py"), ENGINES / "faults.py", ENGINES / "wire.py"]
    codes = {code for file in files for code in RAISED.findall(file.read_text())}
    codes |= set(faults.REFUSED.values())
    assert len(codes) > 20
    assert not codes - set(FAULTS)


def test_a_batchs_outcome_is_said_in_the_readers_language() -> None:
    told = {
        "0": f"{ENGINE_FAULT}out_of_memory The engine has", "1": f"{ENGINE_FAULT}unheard_of",
        "2": "made", "3": f"{ENGINE_FAULT}graph_broke The graph broke at KSampler (7).",
    }  # fmt: skip
    for language, word in (("zh-hans", "内存"), ("en", "memory")):
        with translation.override(language):
            rows = outcomes(told)
            assert [row.number for row in rows] == [1, 2, 4]
            assert "The engine has" not in rows[0].words
            assert "KSampler" in rows[2].words
            assert word in rows[0].words
            assert "unheard_of" in rows[1].words
    assert fault_words("busy") != fault_words("bad_key")
