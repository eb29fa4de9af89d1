"""A copy of everything kept about a creator: one zip with JSON, tables for a spreadsheet, and media.

The rows come from `crm.own_rows`; rooms that keep more than rows (texts, pictures, films) put a
function into `PORTIONS` when their app starts.
"""

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm import audit
from crm.models import Creator, CreatorNotice, DataExport, Interview, User
from crm.own_rows import copied, shown
from crm.selectors import recordings_visible_to, transcript_current
from crm.services.creator_notices import creator_tell
from crm.services.job_rows import JobStopped, job_claim, job_end, job_progress

KEPT_DAYS = 7
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it a Chinese spreadsheet program reads mojibake


@dataclass(frozen=True)
class Portion:
    """One file of the zip: a document, a text, or a file that is copied from disk or the storage."""

    name: str
    data: object | None = None
    text: str | None = None
    path: Path | None = None
    stored: str = ""


Portions = Callable[[Creator], Iterable[Portion]]
PORTIONS: list[Portions] = []


@transaction.atomic
def export_ask(*, creator: Creator, actor: User | None = None) -> tuple[DataExport, bool]:
    """Ask for a copy; while one is being made, that one. Returns it and whether it is new."""
    try:
        with transaction.atomic():
            row = DataExport.objects.create(creator=creator)
    except IntegrityError:
        open_ = (DataExport.State.QUEUED, DataExport.State.RUNNING)
        return DataExport.objects.get(creator=creator, state__in=open_), False
    audit.record("data.export_asked", row, actor=actor)
    return row, True


def export_execute(export_id: int) -> str:
    """Make the zip, if the job waits; returns the state it left it in. May be called twice."""
    row = job_claim(DataExport, export_id)
    if row is None:
        return "not_waiting"
    target = Path(settings.MEDIA_ROOT) / "own" / f"{row.pk}-{row.tries}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with override(row.creator.language):
            _write(row, target)
    except JobStopped as stopped:
        target.unlink(missing_ok=True)
        if stopped.cancelled:
            job_end(row, DataExport.State.CANCELLED)
        return "stopped"
    expires = timezone.now() + timedelta(days=KEPT_DAYS)
    with transaction.atomic():
        kept = job_end(
            row, DataExport.State.DONE, file=f"own/{target.name}", size=target.stat().st_size,
            expires_at=expires,
        )  # fmt: skip
        if kept:
            creator_tell(
                creator=row.creator,
                kind=CreatorNotice.Kind.EXPORT,
                key=f"export:{row.pk}",
                path=reverse("portal:data"),
                facts={"days": KEPT_DAYS},
            )
    if not kept:
        target.unlink(missing_ok=True)
        return "lost"
    return DataExport.State.DONE


def exports_forget() -> int:
    """Remove the files whose time is up; returns how many."""
    gone = DataExport.objects.filter(expires_at__lt=timezone.now()).exclude(file="")
    count = 0
    for row in gone:
        Path(row.file.path).unlink(missing_ok=True)
        count += DataExport.objects.filter(pk=row.pk).update(file="", size=0)
    return count


def exports_drop(creator: Creator) -> int:
    """Remove copies that wait for their download: what was in them has been deleted meanwhile.
    Returns how many."""
    waiting = DataExport.objects.filter(creator=creator).exclude(file="")
    for row in waiting:
        transaction.on_commit(partial(default_storage.delete, str(row.file.name)))
    return waiting.update(file="", size=0)


def _write(row: DataExport, target: Path) -> None:
    portions = [*_rows(row.creator), *_login(row.creator), *_interviews(row.creator)]
    for more in PORTIONS:
        portions += more(row.creator)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme(row.creator))
        for done, portion in enumerate(portions):
            job_progress(row, done=done, total=len(portions))
            _put(archive, portion)


def _put(archive: zipfile.ZipFile, portion: Portion) -> None:
    if portion.path is not None:
        if portion.path.exists():  # pictures do not shrink: stored as they are
            archive.write(portion.path, portion.name, zipfile.ZIP_STORED)
    elif portion.stored:
        if default_storage.exists(portion.stored):
            with (
                default_storage.open(portion.stored) as source,
                archive.open(portion.name, "w", force_zip64=True) as copy,
            ):
                shutil.copyfileobj(source, copy)
    elif portion.text is not None:
        archive.writestr(portion.name, portion.text)
    else:
        archive.writestr(portion.name, _json(portion.data))


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder) + "\n"


def _rows(creator: Creator) -> Iterator[Portion]:
    yield Portion("data/crm/creator.json", shown(creator))
    for name, model, key in copied():
        rows = [shown(row) for row in model._default_manager.filter(**{key: creator})]
        if rows:
            yield Portion(f"data/{name}.json", rows)
            yield Portion(f"data/{name}.csv", text=_table(rows))


def _table(rows: list[dict[str, Any]]) -> str:
    """As a spreadsheet opens it: byte order mark, CRLF, nothing that is taken for a formula."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow([_cell(value) for value in row.values()])
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") and not _number(text) else text


def _number(text: str) -> bool:
    return text[1:].replace(".", "", 1).isdecimal()


def _interviews(creator: Creator) -> Iterator[Portion]:
    """What was said, as the creator may read and hear it: nothing once the record was taken back."""
    heard = recordings_visible_to(creator)
    for row in Interview.objects.filter(creator=creator).order_by("at"):
        name = f"interviews/{timezone.localtime(row.at):%Y-%m-%d}-{row.pk}"
        for sound in heard.filter(interview=row):
            yield Portion(f"{name}-{sound.pk}{Path(sound.path).suffix}", stored=sound.path)
        transcript = transcript_current(row)
        if transcript is None:
            continue
        said = transcript.utterances.order_by("index").values(
            "index", "speaker", "start_ms", "end_ms", "text"
        )
        yield Portion(f"{name}.json", list(said))


def other_services() -> list[type[Model]]:
    """The model of accounts elsewhere, where SOCIAL_LOGINS offers any."""
    if not apps.is_installed("allauth.socialaccount"):
        return []
    return [apps.get_app_config("socialaccount").get_model("SocialAccount")]


def _login(creator: Creator) -> Iterator[Portion]:
    """How one comes in: addresses, kinds of factors, other services, and where one is signed in."""
    user = creator.user
    if user is None:
        return
    yield Portion(
        "data/login.json",
        {
            "username": user.get_username(),
            "joined": user.date_joined,
            "last_login": user.last_login,
            "emails": list(
                EmailAddress.objects.filter(user=user).values("email", "verified", "primary")
            ),
            "factors": list(Authenticator.objects.filter(user=user).values("type", "created_at")),
            "services": [
                row
                for model in other_services()
                for row in model._default_manager.filter(user=user).values(
                    "provider", "uid", "extra_data"
                )
            ],
            "sessions": list(
                UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at")
            ),
        },
    )


def _readme(creator: Creator) -> str:
    return "\n\n".join(
        (
            _("Everything that Pingju keeps about %(name)s, as of %(now)s.")
            % {"name": creator.name, "now": f"{timezone.localtime():%Y-%m-%d %H:%M %Z}"},
            _("data/: every record, as JSON and as a table for a spreadsheet (UTF-8)."),
            _("interviews/: what was said, turn by turn, and the recordings."),
            _("novels/: your texts, and for each run the storyboard, pictures and film."),
            _("Amounts are in minor units: 100 fen are 1 yuan."),
        )
    )
