"""The fund's opening day in the demo, its first closed month, and the reports it published."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from community import trust_property
from community.demo.fund_office import Office
from community.demo.fund_papers import bring_statement
from community.demo.happenings import Happening
from community.demo.papers import photograph_sheet
from community.kernel import clock, db
from community.trust_property import BankProof, MatchKind, OpeningItem, OpeningKind

OPERATING_FEN, RESERVE_FEN, CASH_FEN = 18_640_000, 63_250_000, 120_000
# Who paid a year ahead; part of it is paid back when the home is sold.
PREPAID_FEN = 450_000
MAY_INTEREST_FEN, RESERVE_INTEREST_FEN = 3_215, 21_083
NUMBER = "J{:%Y%m}{}"


def open_fund(office: Office, on: date) -> None:
    """Enter what there was, beside the bank's letters, and let both keys open the fund."""
    firm, fund_id = office.play(office.firm), office.fund_id
    db.write(trust_property.start_opening, firm, fund_id, on)
    with db.read() as session:
        *_, home = trust_property.fund_units(session, firm, fund_id)
    for item in (
        OpeningItem(OpeningKind.CASH, CASH_FEN),
        OpeningItem(OpeningKind.PREPAID, PREPAID_FEN, unit_id=home.unit_id),
    ):
        db.write(trust_property.add_opening_item, firm, fund_id, item)
    for account, fen in (
        (office.bank_account_id, OPERATING_FEN),
        (office.reserve_account_id, RESERVE_FEN),
    ):
        proof = BankProof(photograph_sheet(f"银行余额证明{account}", 4), None, fen)
        db.write(trust_property.state_bank_balance, firm, fund_id, account, fen, proof)
    office.ask(trust_property.propose_opening, fund_id)


def close_and_publish(office: Office, since: date, today: date) -> list[Happening]:
    """Tell when the first month was closed, and when each month's report was published."""
    month = _next_month(since)
    found = [
        Happening(
            clock.at(month + timedelta(days=2), 14), partial(_close, office, _day_before(month))
        )
    ]
    while (over := month + timedelta(days=5)) <= today:
        found.append(
            Happening(clock.at(over, 10), partial(_publish, office, f"{_day_before(month):%Y-%m}"))
        )
        month = _next_month(month)
    return found


def _close(office: Office, until: date) -> None:
    """Bring both accounts' statements, book the interest, and let two people close the month."""
    firm, committee = office.play(office.firm), office.play(office.committee)
    for place, (account, opening, interest) in enumerate(
        (
            (office.bank_account_id, OPERATING_FEN, MAY_INTEREST_FEN),
            (office.reserve_account_id, RESERVE_FEN, RESERVE_INTEREST_FEN),
        )
    ):
        move = (until, "结息", "", interest, NUMBER.format(until, place))
        bring_statement(office, account, opening, (move,))
        with db.read() as session:
            (line,) = trust_property.bank_lines(session, firm, office.fund_id, account)
        db.write(trust_property.book_line, firm, office.fund_id, line.id, MatchKind.INTEREST)
    db.write(trust_property.close_softly, firm, office.fund_id, until)
    db.write(trust_property.close_for_good, committee, office.fund_id, until)


def _publish(office: Office, period: str) -> None:
    firm = office.play(office.firm)
    db.write(trust_property.publish_report, firm, office.fund_id, period)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
