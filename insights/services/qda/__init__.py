"""Projects of other programs in and out: the rows of a file become ours, ours become a file."""

from insights.services.qda.booking import QdaReport, qda_import, qda_read
from insights.services.qda.leaving import Exported, codebook_export, study_export
from insights.services.qda.uploads import upload_book, upload_discard, upload_keep, upload_read

__all__ = [
    "Exported",
    "QdaReport",
    "codebook_export",
    "qda_import",
    "qda_read",
    "study_export",
    "upload_book",
    "upload_discard",
    "upload_keep",
    "upload_read",
]
