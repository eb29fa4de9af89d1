"""A creator's text comes in: decoded, every repair listed, cut into chapters."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, User
from engines.decoding import UndecodableError
from generation import story
from generation.models import Chapter, Novel


def novel_upload(
    *,
    creator: Creator,
    data: bytes,
    name: str,
    title: str = "",
    actor: User | None = None,
    sample: bool = False,
) -> tuple[Novel, bool]:
    """Keep a novel; the same text again is the same novel. Returns it and whether it is new.

    Raises `DomainError` naming what is wrong with the file and what to do.
    """
    try:
        text = story.read(data, name)
    except UndecodableError as error:
        raise DomainError(_unreadable(error, name), code=error.code) from error
    if not text.text.strip():
        raise DomainError(
            _("%(name)s is empty; choose a file with text in it.") % {"name": name}, "empty"
        )
    known = Novel.objects.filter(creator=creator, sha256=text.sha256).first()
    if known is not None:
        return known, False
    found = story.chapters(text)
    with transaction.atomic():
        novel, made = Novel.objects.get_or_create(
            creator=creator,
            sha256=text.sha256,
            defaults={
                "title": (title.strip() or text.title or name)[:200],
                "text": text.text,
                "length": len(text.text),
                "language": text.language,
                "encoding": text.encoding,
                "repairs": [
                    {"offset": item.offset, "byte": item.byte_offset, "reason": item.reason}
                    for item in text.repairs[:1000]
                ],
                "left_out": [
                    {"name": item.name[:255], "code": item.code} for item in text.left_out[:1000]
                ],
                "division": [[item.title[:300], item.start, item.end] for item in found],
                "source_name": name[:255],
                "is_sample": sample,
            },
        )
        if made:
            Chapter.objects.bulk_create(
                [
                    Chapter(
                        novel=novel,
                        index=item.index,
                        title=item.title[:300],
                        start=item.start,
                        end=item.end,
                    )
                    for item in found
                ],
                batch_size=1000,
            )
            audit.record("novel.uploaded", novel, actor=actor, data={"length": novel.length})
    return novel, made


def _unreadable(error: UndecodableError, name: str) -> str:
    if error.code == "binary":
        return _(
            "%(name)s is not a text but looks like: %(kind)s. Save your novel as txt, docx or epub "
            "and upload that."
        ) % {"name": name, "kind": error.looks_like}
    return str(_UNREADABLE.get(error.code, _UNREADABLE["undecodable"])) % {"name": name}


_UNREADABLE = {
    "empty": gettext_lazy("%(name)s is empty; choose a file with text in it."),
    "undecodable": gettext_lazy(
        "%(name)s could not be read as text. Save it as UTF-8 or GB18030 and upload it again."
    ),
    "damaged_archive": gettext_lazy(
        "%(name)s is damaged or locked with a password. Export or pack it again and upload that."
    ),
    "encrypted_archive": gettext_lazy(
        "%(name)s is locked with a password. Pack it without one and upload that."
    ),
    "archive_too_large": gettext_lazy(
        "%(name)s unpacks to more than can be read. Split it into parts and upload them one by one."
    ),
    "no_text_inside": gettext_lazy(
        "There is no text file in %(name)s. Pack the chapters as txt, md, html or docx."
    ),
    "protected": gettext_lazy(
        "%(name)s is protected against copying (DRM). Upload your own manuscript instead."
    ),
    "damaged_document": gettext_lazy(
        "%(name)s is a damaged Word document. Open it in Word or WPS, save it again and upload that."
    ),
}
