"""How large a sheet may be, and why a file is refused."""

from __future__ import annotations

from dataclasses import dataclass

from community.kernel.errors import N_, BadInput


class UnreadableFile(BadInput):
    """The whole file cannot be read; the message says what to do instead."""


class FileTooLarge(UnreadableFile):
    """The file, or what it unpacks to, is larger than such a sheet can be."""

    message = N_(
        "文件太大：最多 {megabytes} MB、{rows} 行、{columns} 列。请删去空白行列，或分成几份导入。"
    )


class FileNotSheet(UnreadableFile):
    """The file is no kind of sheet."""

    message = N_("这个文件不是表格。请上传 Excel（.xlsx、.xls）或 CSV 文件。")


class FileLocked(UnreadableFile):
    """The workbook asks for a password."""

    message = N_("这个表格设了打开密码。请在 Excel 里去掉密码、另存后再上传。")


class FileBroken(UnreadableFile):
    """The file says it is a workbook, but cannot be read."""

    message = N_("这个表格打不开，可能已损坏。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read; sizes in bytes."""

    file: int = 10 << 20
    unpacked: int = 60 << 20
    unpacked_ratio: int = 200
    sheets: int = 20
    rows: int = 20_000
    columns: int = 60

    def too_large(self) -> FileTooLarge:
        """Make the refusal of a file that is too large."""
        return FileTooLarge(megabytes=self.file >> 20, rows=self.rows, columns=self.columns)
