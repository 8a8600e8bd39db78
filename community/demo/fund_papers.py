"""What comes to the fund's desk in the demo: bank statements, owners' questions, a handover."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from community import trust_property
from community.demo.cast import Cast, act_as
from community.demo.fund_office import Office
from community.demo.happenings import Happening
from community.demo.papers import photograph_sheet
from community.kernel import clock, db, files, jobs
from community.kernel.actor import Actor
from community.trust_property import Candidate, KeySide, MatchKind, Paper, SubjectKind

QUESTION = "3 号楼电梯主板的维修，为什么没有找第二家报价？"
ANSWER = "主板只有原厂有货，报价单和原厂的说明都附上了，请您看看。"
OPEN_QUESTION = "今年公共水电的预算还没有动用，电费是从哪里付的？"
INTEREST_FEN, UNEXPLAINED_FEN, UNKNOWN_FEN = 4_126, -30_000, 16_650
Move = tuple[date, str, str, int, str]
HEADERS = ("交易日期", "摘要", "对方户名", "收入金额", "支出金额", "余额", "流水号")


@dataclass(frozen=True, slots=True)
class Overdue:
    """A unit that is late: what it owes, and its bills as a match names them."""

    unit: str
    fen: int
    picks: tuple[str, ...]


def bring_papers(office: Office, cast: Cast, since: date, today: date) -> list[Happening]:
    """Tell what comes to the desk, and when."""
    asked, answered = today - timedelta(days=40), today - timedelta(days=36)
    return [
        Happening(
            clock.at(since + timedelta(days=20), 10),
            partial(db.write, renew_keys, office.actor, office),
        ),
        Happening(clock.at(asked, 20), partial(db.write, ask, office.actor, office, cast.resident)),
        Happening(clock.at(answered, 9), partial(db.write, answer, office.actor, office)),
        Happening(
            clock.at(today - timedelta(days=3), 20),
            partial(db.write, ask_again, office.actor, office, cast.resident),
        ),
    ]


def renew_keys(session: Session, actor: Actor, office: Office) -> None:
    """Let the committee's keys pass on after its election, to the same two people."""
    staff = act_as(session, actor, office.staff)
    people = (office.committee, office.second_committee)
    trust_property.hand_over(
        session, staff, office.fund_id, KeySide.COMMITTEE, people, "业主委员会换届选举公告"
    )


def ask(session: Session, actor: Actor, office: Office, person_id: int) -> int:
    """Ask about the fund as an owner."""
    owner = act_as(session, actor, person_id)
    return trust_property.ask_question(
        session, owner, office.fund_id, SubjectKind.FUND, office.fund_id, QUESTION
    )


def answer(session: Session, actor: Actor, office: Office) -> int:
    """Answer the first question, with the quote for everybody to see."""
    firm = act_as(session, actor, office.firm)
    paper = Paper("原厂报价单", photograph_sheet("原厂报价单", 4))
    first = trust_property.questions(session, firm, office.fund_id)[0]
    return trust_property.answer_question(session, firm, office.fund_id, first.id, ANSWER, (paper,))


def ask_again(session: Session, actor: Actor, office: Office, person_id: int) -> int:
    """Find the answer good, and ask the next question, which still waits."""
    owner = act_as(session, actor, person_id)
    first = trust_property.questions(session, owner, office.fund_id)[0]
    trust_property.judge_answer(session, owner, office.fund_id, first.id, True)
    return trust_property.ask_question(
        session, owner, office.fund_id, SubjectKind.FUND, office.fund_id, OPEN_QUESTION
    )


def match_month(office: Office, until: date, *, is_last: bool) -> None:
    """Bring a month's statement, households' payments settled by the day, and match it.

    The last one ends with money that nobody announced; one line still waits for a word.
    """
    since, firm = until.replace(day=1), office.play(office.firm)
    place = (office.fund_id, office.bank_account_id)
    with db.read() as session:
        account = trust_property.get_bank_account(session, firm, *place)
        booked = trust_property.candidates_near(session, firm, account, since, until)
        opened = trust_property.get_fund(session, firm, office.fund_id).opened_on
        day_before = max(since - timedelta(days=1), opened or since)
        before = trust_property.closing(session, firm, office.fund_id, day_before)
    opening = next(each.book_fen for each in before.accounts if each.account.id == account.id)
    entries: dict[str, list[Candidate]] = {}
    for each in booked:
        if each.source == "book":
            number = f"D{each.day:%Y%m%d}" if each.amount_fen > 0 else f"P{each.id}"
            entries.setdefault(number, []).append(each)
    moves = [_as_line(number, own) for number, own in entries.items()]
    moves.append((until, "结息", "", INTEREST_FEN, f"T{until:%Y%m}1"))
    owed, late = _overdue(office, 1), _overdue(office, 0)
    if is_last:
        moves.append((until, "转账", "", UNEXPLAINED_FEN, f"T{until:%Y%m}2"))
        moves.append((until, "转账", "", UNKNOWN_FEN, f"T{until:%Y%m}3"))
        # One owner's transfer is matched with the bills it pays, another's is left for the desk.
        moves.append((until, "物业费", owed.unit, owed.fen, f"T{until:%Y%m}4"))
        moves.append((until, "物业费", late.unit, late.fen, f"T{until:%Y%m}5"))
    bring_statement(office, account.id, opening, sorted(moves))
    with db.read() as session:
        lines = trust_property.bank_lines(session, firm, *place, only_open=True)
    for line in lines:
        if line.number in entries:
            picks = tuple(f"book:{each.id}" for each in entries[line.number])
            db.write(trust_property.match_lines, firm, office.fund_id, (line.id,), picks)
        elif line.number == f"T{until:%Y%m}4":
            db.write(trust_property.match_lines, firm, office.fund_id, (line.id,), owed.picks)
        elif line.amount_fen == INTEREST_FEN:
            db.write(trust_property.book_line, firm, office.fund_id, line.id, MatchKind.INTEREST)
        elif line.amount_fen == UNKNOWN_FEN:
            kind = MatchKind.UNIDENTIFIED
            db.write(trust_property.book_line, firm, office.fund_id, line.id, kind)


def _as_line(number: str, own: Sequence[Candidate]) -> Move:
    """Show entries of the books as the bank's one line."""
    words = "结算" if len(own) > 1 else "转账"
    return (own[0].day, words, "", sum(one.amount_fen for one in own), number)


def _overdue(office: Office, place: int) -> Overdue:
    """Give a unit that is late, and the bills that a transfer of its pays."""
    firm = office.play(office.firm)
    with db.read() as session:
        units = trust_property.overdue_units(session, firm, office.fund_id)[place : place + 1]
        wanted = tuple(each.unit_id for each in units)
        bills = trust_property.open_bills(session, firm, office.fund_id, wanted)
    picks = tuple(f"bill:{each.id}" for each in bills)
    name = units[0].unit if units else ""
    return Overdue(name, sum(each.open_fen for each in bills), picks)


def bring_statement(
    office: Office, bank_account_id: int, opening_fen: int, moves: Sequence[Move]
) -> None:
    """Bring a statement of some moves as the bank wrote it."""
    name = f"对账单{moves[-1][0]:%Y%m}.csv"
    content = _write_statement(opening_fen, moves)
    ready = files.take_in(files.Upload(name, content), known_as=files.FileKind.CSV)
    taken = trust_property.take_statement(ready)
    firm, place = office.play(office.firm), (office.fund_id, bank_account_id)
    statement = db.write(trust_property.keep_statement, firm, *place, taken)
    db.write(trust_property.add_statement, firm, office.fund_id, statement, None, None)
    jobs.run_due()


def _write_statement(opening_fen: int, moves: Sequence[Move]) -> bytes:
    balance, (first, last) = opening_fen, (moves[0][0], moves[-1][0])
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow((f"查询期间：{first.replace(day=1).isoformat()} 至 {last.isoformat()}",))
    table.writerow(HEADERS)
    for day, summary, other, amount, number in moves:
        balance += amount
        money = ("", _yuan(-amount)) if amount < 0 else (_yuan(amount), "")
        table.writerow((day.isoformat(), summary, other, *money, _yuan(balance), number))
    return text.getvalue().encode()


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
