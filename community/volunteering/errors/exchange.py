"""Why a sheet of another platform, or a street form, is not taken."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, RuleBroken


class SheetMissing(BadInput):
    """Nothing was uploaded."""

    message = N_("请先选择要上传的表格。")


class AlreadyImported(RuleBroken):
    """The same file was uploaded before."""

    message = N_("这份表格已经上传过（{file_name}），不会重复导入。")


class ImportStarted(RuleBroken):
    """An import is started once."""

    message = N_("这份表格已经开始导入，请看下面的结果。")


class FormNameTaken(RuleBroken):
    """Two forms of one name could not be told apart."""

    message = N_("已经有叫“{name}”的报表，请换一个名字。")


class NoSuchCell(BadInput):
    """A cell is not in the sheet."""

    message = N_("表里没有“{cell}”这一格，请写成 C5，或“表名!C5”。")


class NothingToFill(BadInput):
    """No cell was named."""

    message = N_("请至少填一格，告诉系统哪个数字写在哪一格。")


class NotAnXlsx(BadInput):
    """Only XLSX can be filled in place."""

    message = N_("请上传 .xlsx 表格；旧的 .xls 请在电脑上另存为 .xlsx。")
