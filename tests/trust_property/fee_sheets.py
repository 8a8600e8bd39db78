"""Fee ledgers (收费台账) as offices keep them, written as real XLSX and CSV files."""

from __future__ import annotations

import csv as csv_module
import io
from collections.abc import Sequence

from openpyxl import Workbook

from community.trust_property.importing.fee_units import KnownUnit

Cells = Sequence[Sequence[object]]

KNOWN = (
    KnownUnit(1, "3 号楼", "2 单元 301"),
    KnownUnit(2, "3 号楼", "2 单元 302"),
    KnownUnit(3, "5 号楼", "1 单元 102"),
    KnownUnit(4, "5 号楼", "2 单元 102"),
    KnownUnit(5, "6号楼", "501"),
)


def workbook(rows: Cells, merged: Sequence[str] = (), name: str = "台账") -> bytes:
    """Write a sheet with merged cells."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def csv(rows: Cells) -> bytes:
    """Write rows as Excel in China saves a CSV."""
    written = io.StringIO()
    csv_module.writer(written).writerows(rows)
    return written.getvalue().encode("gb18030")


# A column for each month, merged buildings, words for "paid", sums below and a page header again.
WIDE: Cells = (
    ("桂花里小区2026年物业费欠费台账",),
    ("制表单位：安居物业", None, None, None, None, None, None, None, None, "单位：元"),
    ("楼栋", "房号", "业主姓名", "面积", "8月", "9月", "10月", "欠费合计", "预存余额", "备注"),
    ("3号楼", "2-301", "王秀英", 89, "253.65", 253.65, 253.65, 760.95, None, "电话联系过"),
    (None, "2-302", "李国强", 89, "已缴", "√", 253.65, 253.65, None, ""),
    ("5号楼", "1-102", "张三", 120.5, None, "-", 0, 0, "1,000.00", ""),
    ("楼栋", "房号", "业主姓名", "面积", "8月", "9月", "10月", "欠费合计", "预存余额", "备注"),
    ("5号楼", "2单元102", "赵六", 120.5, None, None, -50, None, None, "多交"),
    ("合计", None, None, None, 253.65, 253.65, 507.3, 1014.6, 1000, None),
    ("制表人：孙倩", None, None, None, None, None, None, None, None, None),
)
WIDE_MERGED = ("A1:J1", "A4:A5")
LONG: Cells = (
    ("收费明细",),
    ("房屋", "业主", "账期", "应收金额", "已收金额", "减免", "欠费金额", "预缴余额"),
    ("3号楼2单元301室", "王秀英", "2026-09", "253.65", "0", "", "253.65", ""),
    ("3号楼2单元301室", "王秀英", "2026年10月", "253.65", "100", "53.65", "100.00", ""),
    ("6-501", "钱七", "202610", "300.00", "320.00", "", "-20", "80"),
    ("3号楼9单元999室", "无此人", "2026-10", "1", "0", "", "1", ""),
)
