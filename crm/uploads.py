"""An upload over the limit stops at the limit, instead of filling the disk first."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class BoundedUploadHandler(FileUploadHandler):
    """Drops a file as soon as it passes NOVEL_MAX_BYTES; the form then says so.

    The rest of the body is read and thrown away, so that the browser gets an answer instead of a
    broken connection, up to the length that the client declared.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > settings.NOVEL_MAX_BYTES:
            if self.request is not None:
                self.request.META["pingju.oversize"] = self.file_name or "?"
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None
