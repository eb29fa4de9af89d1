"""A real process that is killed with -9 in the middle of an import."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from crm.models import AuditEntry, Creator, Interview, TranscriptVersion, Utterance

pytestmark = pytest.mark.django_db(transaction=True)


def importing(path: Path, *more: str) -> "subprocess.Popen[str]":
    name = connection.settings_dict["NAME"]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.crm.halfway", name, str(path), *more],
        cwd=settings.BASE_DIR, env=os.environ, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_an_import_killed_half_way_leaves_nothing_and_can_be_run_again(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    rows = [f'T{n},"研究员：第{n}个问题？\n墨{n}：第{n}个回答😀。"' for n in range(6)]
    table.write_text("transcript_id,text\n" + "\n".join(rows) + "\n", "utf-8")
    process = importing(table)
    assert process.stdout is not None
    assert process.stdout.readline() == "half-way\n"

    process.send_signal(signal.SIGKILL)
    process.wait(20)
    process.stdout.close()

    left = [Interview, TranscriptVersion, Utterance, Creator, AuditEntry]
    assert [model.objects.count() for model in left] == [0] * 5
    for expected in ("6 0\n", "0 6\n"):  # again: whole; and once more: all of it known
        with importing(table, "whole") as again:
            said, _ = again.communicate(timeout=60)
            assert said == expected
    assert Interview.objects.count() == 6
    assert Utterance.objects.count() == 12
