"""An upload over the limit stops at the limit, instead of filling the disk first."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

View = TypeVar("View", bound=Callable[..., Any])


LIMIT = "upload_limit"


def takes_up_to(setting: str, view: View) -> View:
    """Mark a view whose uploads may have as many bytes as the setting of this name says."""
    setattr(view, LIMIT, setting)
    return view


class BoundedUploadHandler(FileUploadHandler):
    """Drops a file as soon as it passes the view's limit (NOVEL_MAX_BYTES where it names none).

    The rest of the body is read and thrown away, so that the browser gets an answer instead of a
    broken connection, up to the length that the client declared.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.seen = 0
        match = getattr(self.request, "resolver_match", None)
        named = getattr(match.func, LIMIT, "NOVEL_MAX_BYTES") if match else "NOVEL_MAX_BYTES"
        self.most = int(getattr(settings, named))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > self.most:
            if self.request is not None:
                self.request.META["pingju.oversize"] = self.file_name or "?"
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None
