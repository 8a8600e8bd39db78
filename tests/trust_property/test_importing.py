"""Statements of many banks: each is read without being told anything about it."""

from __future__ import annotations

import pytest

from community.trust_property.importing.reading import read_statement
from community.trust_property.importing.statement import Statement
from tests.trust_property.layouts import (
    BALANCES,
    LAYOUTS,
    LIFT,
    OPENING,
    SALARY,
    WATER,
    Layout,
    as_csv,
    as_html,
    as_xls,
    as_xlsx,
    as_xml,
)

pytestmark = pytest.mark.once


def check(found: Statement, layout: Layout) -> None:
    """Compare with the three entries that every layout tells."""
    expected = list(
        zip(
            (SALARY, LIFT, WATER),
            BALANCES if layout.has_balance else (None, None, None),
            layout.names,
            layout.summaries,
            layout.numbers,
            strict=True,
        )
    )
    if layout.newest_first:
        expected.reverse()
    assert [
        (line.amount_fen, line.balance_fen, line.counterparty, line.summary, line.number)
        for line in found.lines
    ] == expected
    assert found.bank == layout.bank
    assert found.opening_fen == layout.opening
    assert found.header_row == layout.header_row
    assert [question.sentence() for question in found.questions] == []


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_layout_is_read_from_text_of_any_coding(name: str, encoding: str) -> None:
    layout = LAYOUTS[name]
    check(read_statement(as_csv(layout.rows, layout.delimiter, encoding)), layout)


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("form", [as_xlsx, as_xls, as_html, as_xml])
def test_layout_is_read_from_sheets_of_any_kind(name: str, form: object) -> None:
    assert callable(form)
    layout = LAYOUTS[name]
    check(read_statement(form(layout.rows)), layout)


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_layout_is_read_with_any_delimiter(name: str, delimiter: str) -> None:
    layout = LAYOUTS[name]
    check(read_statement(as_csv(layout.rows, delimiter)), layout)


def test_opening_is_the_first_balance_less_the_first_amount() -> None:
    found = read_statement(as_csv(LAYOUTS["spdb"].rows))
    assert (found.opening_fen, found.closing_fen) == (OPENING, BALANCES[-1])
