"""What a file is, told by its bytes and never by its name."""

from __future__ import annotations

import io
import unicodedata
import zipfile

from community.kernel.files.models import FileKind
from community.kernel.files.refusals import FileUnreadable, HeicRefused

_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# A sheet of a street office has a few thousand rows; more is a zip bomb.
MOST_UNPACKED_BYTES = 300 << 20
MOST_UNPACKED_RATIO = 200


def sniff(content: bytes) -> FileKind | None:
    """Tell the kind of a file's content; None when it is none we know.

    Raises: HeicRefused; FileUnreadable for a sheet that is a zip bomb or cut short.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileKind.WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise HeicRefused
    if content.startswith(b"%PDF-"):
        return FileKind.PDF
    if content.startswith(b"PK\x03\x04"):
        return _sniff_zip(content)
    if content.startswith(_OLE):
        return FileKind.XLS
    return FileKind.CSV if read_text(content) is not None else None


def read_text(content: bytes) -> str | None:
    """Decode text as offices write it (UTF-8, or GB 18030 from Excel); None when it is no text."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text if _is_text(text) else None
    return None


def _is_text(text: str) -> bool:
    if text.lstrip()[:1] == "<":
        return False
    return not any(unicodedata.category(each) == "Cc" and each not in "\r\n\t" for each in text)


def _sniff_zip(content: bytes) -> FileKind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise FileUnreadable from error
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED_BYTES or unpacked > MOST_UNPACKED_RATIO * len(content):
        raise FileUnreadable
    names = {entry.filename for entry in entries}
    is_sheet = "[Content_Types].xml" in names and "xl/workbook.xml" in names
    return FileKind.XLSX if is_sheet else None
