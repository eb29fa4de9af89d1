"""Files that nobody owns any more: what a crash, a lost message or an older version left behind.

Deleting a novel removes its files by itself; this is the second line. A file is an orphan where the
row that its place belongs to is gone, and it has not been touched for a day, so that nothing that is
just being written, or restored, is taken for one.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from engines.scopes import KEPT, scope_of
from generation.models import Case, Film, FilmSettings, Novel, Run, Trial

UNTOUCHED = 24 * 3600.0


def files_sweep(*, untouched: float = UNTOUCHED) -> list[str]:
    """Delete orphans that are older than `untouched` seconds; their paths below the media folder."""
    root = Path(settings.MEDIA_ROOT)
    before = time.time() - untouched
    gone = []
    for path in (*_ownerless(root / KEPT, _has_scope), *_ownerless(root / "runs", _has_run)):
        if _newest(path) < before:
            shutil.rmtree(path, ignore_errors=True)
            gone.append(path.relative_to(root).as_posix())
    for path in _loose(root):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone.append(path.relative_to(root).as_posix())
    return gone


def _ownerless(folder: Path, has_owner: Callable[[str], bool]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and not has_owner(path.name):
            yield path


def _has_scope(name: str) -> bool:
    """Whether what a folder of kept answers belongs to is still there. A name that is no scope is
    left alone: we did not make it."""
    word, _colon, number = (scope_of(name) or "").partition(":")
    if word == "novel":
        return Novel.objects.filter(pk=number, purged_at=None).exists()
    if word == "cases":
        return Case.objects.filter(novel_id=int(number), withdrawn_at=None).exists()
    return True


def _has_run(name: str) -> bool:
    if not name.isdecimal():
        return True
    return Run.objects.filter(pk=name, novel__purged_at=None).exists()


def _newest(folder: Path) -> float:
    times = [path.stat().st_mtime for path in folder.rglob("*") if path.is_file()]
    return max(times, default=folder.stat().st_mtime)


def _loose(root: Path) -> Iterator[Path]:
    """Files in the places of earlier versions, which rows still name one by one."""
    named = {
        "music": set(FilmSettings.objects.values_list("music", flat=True)),
        "films": set(Film.objects.values_list("poster", flat=True)),
        "trials": set(Trial.objects.exclude(picture="").values_list("picture", flat=True)),
        "speech": set(),
        "paid": set(),
    }
    for folder, names in named.items():
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not _is_named(path.relative_to(root), names):
                yield path


def _is_named(path: Path, names: set[str]) -> bool:
    """By its own name, or by that of the picture that it is a smaller one of: a.320.webp of a.jpg"""
    stem = path.stem.rpartition(".")[0] if path.suffix == ".webp" else path.stem
    return any(Path(name).parent == path.parent and Path(name).stem == stem for name in names)
