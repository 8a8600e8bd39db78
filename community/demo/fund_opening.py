"""The fund's opening day in the demo, the months it closed, and the reports it published."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from community import trust_property
from community.demo.fund_office import Office, next_month
from community.demo.fund_papers import bring_statement, match_month
from community.demo.happenings import Happening
from community.demo.papers import photograph_sheet
from community.kernel import clock, db
from community.trust_property import BankProof, MatchKind, OpeningItem, OpeningKind, Paper

OPERATING_FEN, RESERVE_FEN, CASH_FEN = 18_640_000, 63_250_000, 120_000
# Who paid a year ahead; part of it is paid back when the home is sold.
PREPAID_FEN = 450_000
# What the firm before left unpaid; most of it is paid in the first weeks.
DEBT_FEN = 1_800_000
SHARED_FEN = 3_000_000
RESERVE_INTEREST_FEN = 21_083


def open_fund(office: Office, on: date, creditor_name: str) -> None:
    """Enter what there was, beside the bank's letters, and let both keys open the fund."""
    firm, fund_id = office.play(office.firm), office.fund_id
    db.write(trust_property.start_opening, firm, fund_id, on)
    with db.read() as session:
        *_, home = trust_property.fund_units(session, firm, fund_id)
        creditor = next(
            each.id
            for each in trust_property.payees(session, firm, fund_id)
            if each.name == creditor_name
        )
    for item in (
        OpeningItem(OpeningKind.CASH, CASH_FEN),
        OpeningItem(OpeningKind.PREPAID, PREPAID_FEN, unit_id=home.unit_id),
        OpeningItem(OpeningKind.PAYABLE, DEBT_FEN, payee_id=creditor),
    ):
        db.write(trust_property.add_opening_item, firm, fund_id, item)
    for account, fen in (
        (office.bank_account_id, OPERATING_FEN),
        (office.reserve_account_id, RESERVE_FEN),
    ):
        proof = BankProof(photograph_sheet(f"银行余额证明{account}", 4), None, fen)
        db.write(trust_property.state_bank_balance, firm, fund_id, account, fen, proof)
    office.ask(trust_property.propose_opening, fund_id)


def share_surplus(office: Office) -> None:
    """Share part of what the year before left, as the owners voted."""
    firm, year = office.play(office.firm), clock.today().year
    asked = (office.fund_id, year - 1, SHARED_FEN, f"业主大会决议 {year}-3")
    minutes = Paper("业主大会决议", photograph_sheet("业主大会决议", 6))
    db.write(trust_property.propose_surplus, firm, *asked, (minutes,))
    with db.read() as session:
        (found,) = trust_property.surpluses(session, firm, office.fund_id)
    assert found.matter_id is not None
    office.agree(found.matter_id)


def close_and_publish(office: Office, since: date, today: date) -> list[Happening]:
    """Tell when each month was closed, and when its report was published.

    The last month still waits: one line of its statement is not explained.
    """
    found, month, this_month = [], next_month(since), today.replace(day=1)
    while (over := month + timedelta(days=2)) <= today:
        is_last = month == this_month
        close = partial(_close, office, since, month - timedelta(days=1), is_last=is_last)
        publish = partial(_publish, office, f"{month - timedelta(days=1):%Y-%m}")
        found.append(Happening(clock.at(over, 14), close))
        found.append(Happening(clock.at(month + timedelta(days=5), 10), publish))
        month = next_month(month)
    found.append(Happening(clock.at(today - timedelta(days=6), 10), partial(share_surplus, office)))
    return found


def _close(office: Office, since: date, until: date, *, is_last: bool) -> None:
    """Bring both accounts' statements, and let two people close the month."""
    firm, committee = office.play(office.firm), office.play(office.committee)
    match_month(office, until, is_last=is_last)
    reserve = office.reserve_account_id
    months = (until.year - since.year) * 12 + until.month - since.month
    opening = RESERVE_FEN + months * RESERVE_INTEREST_FEN
    move = (until, "结息", "", RESERVE_INTEREST_FEN, f"R{until:%Y%m}")
    bring_statement(office, reserve, opening, (move,))
    with db.read() as session:
        (line,) = trust_property.bank_lines(session, firm, office.fund_id, reserve, only_open=True)
    db.write(trust_property.book_line, firm, office.fund_id, line.id, MatchKind.INTEREST)
    if not is_last:
        db.write(trust_property.close_softly, firm, office.fund_id, until)
        db.write(trust_property.close_for_good, committee, office.fund_id, until)


def _publish(office: Office, period: str) -> None:
    firm = office.play(office.firm)
    db.write(trust_property.publish_report, firm, office.fund_id, period)
