"""A settlement sheet as a workbook: items, quantities, amounts, and where to sign."""

from __future__ import annotations

from flask import Response, g
from flask_babel import gettext

from community.rewards.queries.settlements import SheetPage
from community.web.sheets import Cell, Fen, Sheet, send_sheets


def send_sheet(page: SheetPage) -> Response:
    """Answer with the sheet as XLSX."""
    sheet = page.sheet
    month = f"{sheet.month:%Y-%m}"
    return send_sheets(
        gettext("%(merchant)s %(month)s 结算单", merchant=sheet.merchant_name, month=month),
        write_sheet(page),
    )


def write_sheet(page: SheetPage) -> Sheet:
    """Lay a sheet out: heading, one row an item, the total, and three signatures."""
    sheet = page.sheet
    month = f"{sheet.month:%Y-%m}"
    rows: list[list[Cell]] = [
        [line.item, line.quantity, Fen(line.each_fen), Fen(line.total_fen)] for line in page.lines
    ]
    rows.append([gettext("合计"), sheet.quantity, None, Fen(sheet.total_fen)])
    rows.append([])
    if sheet.paid_at is not None:
        rows.append([gettext("已付款，凭证号"), sheet.reference, sheet.paid_at, None])
    rows.append([gettext("商户签章：__________")])
    rows.append([gettext("社区经办：__________")])
    rows.append([gettext("社区负责人：__________")])
    width = 4
    padded = [[*row, *([None] * (width - len(row)))] for row in rows]
    return Sheet(
        month,
        [gettext("兑换品"), gettext("数量"), gettext("单价（元）"), gettext("金额（元）")],
        padded,
        above=[
            gettext("%(community)s积分兑换结算单", community=g.community.name),
            gettext("商户：%(name)s", name=sheet.merchant_name),
            gettext("月份：%(month)s，编号 %(number)s", month=month, number=f"JS-{sheet.id:06d}"),
        ],
    )
