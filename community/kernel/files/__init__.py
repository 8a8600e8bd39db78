"""Content-addressed files: what was uploaded, made safe; it does not know what a file proves."""

from community.kernel.files.intake import IMAGES, SHEETS, Ready, Upload, take_in
from community.kernel.files.models import FileKind, StoredFile
from community.kernel.files.refusals import (
    FileEmpty,
    FileKindRefused,
    FileTooLarge,
    FileUnreadable,
    HeicRefused,
    PictureTooLarge,
)
from community.kernel.files.store import (
    FileView,
    attach,
    drop_file,
    file_problems,
    find_file,
    get_file,
    keep_file,
    open_file,
    remove_orphans,
    seal_bytes,
    unseal_bytes,
)

__all__ = [
    "IMAGES",
    "SHEETS",
    "FileEmpty",
    "FileKind",
    "FileKindRefused",
    "FileTooLarge",
    "FileUnreadable",
    "FileView",
    "HeicRefused",
    "PictureTooLarge",
    "Ready",
    "StoredFile",
    "Upload",
    "attach",
    "drop_file",
    "file_problems",
    "find_file",
    "get_file",
    "keep_file",
    "open_file",
    "remove_orphans",
    "seal_bytes",
    "take_in",
    "unseal_bytes",
]
