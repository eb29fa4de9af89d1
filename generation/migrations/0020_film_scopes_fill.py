"""Calls and files of before get the scope of the novel they were bought for.

The key of a call holds its scope from now on, so that what is paid for stays found; its file moves
into the folder of the scope. What was bought for a novel that is gone is forgotten.
"""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations


def fill(apps: Any, _schema: Any) -> None:
    frames = apps.get_model("generation", "Frame")
    calls = apps.get_model("engines", "PaidCall").objects.filter(scope="")
    for call in calls.select_related("budget").iterator(chunk_size=500):
        scope = _scope(apps, call)
        old = call.key
        if scope is None:
            if call.answer is not None:
                call.answer = None
                call.save(update_fields=["answer"])
            continue
        call.answer = _moved(call.answer, old, scope)
        if scope:
            call.scope = scope
            call.key = hashlib.sha256(f"{scope}\n{old}".encode()).hexdigest()
            frames.objects.filter(receipt=old).update(receipt=call.key)
        call.save(update_fields=["answer", "scope", "key"])


def _scope(apps: Any, call: Any) -> str | None:
    """Empty for the house's own calls, None where what it was bought for is gone."""
    word, _sign, number = call.budget.key.replace("-", ":").partition(":")
    jobs = {"film": "FilmJob", "frames": "FrameJob"}
    if word in jobs or word == "run":
        job = apps.get_model("generation", jobs.get(word, "Run")).objects.filter(pk=number).first()
        run = job if word == "run" or job is None else job.run
        return f"novel:{run.novel_id}" if run is not None else None
    if word == "evaluation":
        return _scope_of_trial(apps, call)
    return ""


def _scope_of_trial(apps: Any, call: Any) -> str | None:
    """A picture's trial knows its key; of what a chat said nobody knows any more whose words they
    were, so where a creator's novel is among the cases it is forgotten."""
    trials = apps.get_model("generation", "Trial").objects
    trial = trials.filter(key=call.key).select_related("case").first()
    if trial is not None:
        return f"cases:{trial.case.novel_id}" if trial.case.novel_id else ""
    number = call.budget.key.partition(":")[2]
    ours = not trials.filter(evaluation_id=number, case__novel__isnull=False).exists()
    return "" if ours else None


def _moved(answer: Any, key: str, scope: str) -> Any:
    if not isinstance(answer, dict) or not {"file", "sound"} & answer.keys():
        return answer
    folder = f"kept/{scope.replace(':', '-') or 'house'}"
    old = str(answer.get("file") or f"speech/{key[:2]}/{key}.wav")
    new = f"{folder}/{'speech' if 'sound' in answer else 'pictures'}/{key[:2]}/{Path(old).name}"
    source, target = Path(settings.MEDIA_ROOT) / old, Path(settings.MEDIA_ROOT) / new
    told = {name: value for name, value in answer.items() if name != "sound"}
    if not source.is_file():
        return {**told, "file": old}
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    return {**told, "file": new}


class Migration(migrations.Migration):
    dependencies = [
        ("engines", "0008_film_scope"),
        ("generation", "0019_film_files"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
