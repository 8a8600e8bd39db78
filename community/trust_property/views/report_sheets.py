"""A report as a workbook, and vouchers in the layout that accounting software imports."""

from __future__ import annotations

from flask_babel import gettext

from community.trust_property.queries.bookkeeping import BookEntries
from community.trust_property.rules.bookkeeping import voucher_lines
from community.trust_property.rules.reports import Report
from community.trust_property.views.report_charts import line_words
from community.web.sheets import Cell, Fen, Sheet


def report_sheets(report: Report) -> list[Sheet]:
    """Lay every table of a report out as a sheet."""
    made = []
    for section in report.sections:
        rows: list[list[Cell]] = [
            [line_words(line), *(Fen(amount) for amount in line.amounts)] for line in section.lines
        ]
        title = gettext(section.title)
        made.append(
            Sheet(
                title,
                [gettext("项目"), *(gettext(each) for each in section.columns)],
                rows,
                above=[f"{report.fund} · {title}", f"{report.first} – {report.last}"],
            )
        )
    return made


def voucher_sheet(found: BookEntries) -> Sheet:
    """Lay entries out as vouchers; the headings are those the programs look for, in Chinese."""
    rows: list[list[Cell]] = [
        [
            line.day,
            "记",
            line.number,
            line.words,
            line.code,
            line.account,
            Fen(line.debit_fen) if line.debit_fen else None,
            Fen(line.credit_fen) if line.credit_fen else None,
        ]
        for line in voucher_lines(found.accounts, found.entries)
    ]
    heads = ["日期", "凭证字", "凭证号", "摘要", "科目编码", "科目名称", "借方", "贷方"]
    return Sheet("凭证", heads, rows)
