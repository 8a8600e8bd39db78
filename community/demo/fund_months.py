"""The property fund's half a year in the demo: rules, bills, payments, repairs, approvals."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from community import identity, trust_property
from community.demo.cast import Cast, act_as
from community.demo.fund_audit import audit_the_fund
from community.demo.fund_counter import collect_what_is_owed, hold_for_others
from community.demo.fund_office import Office, last_month, next_month
from community.demo.fund_opening import close_and_publish, open_fund
from community.demo.fund_papers import bring_papers
from community.demo.happenings import Happening
from community.demo.papers import photograph_sheet
from community.kernel import clock, db, jobs
from community.kernel.actor import Actor
from community.trust_property import (
    BankUse,
    BudgetLine,
    Channel,
    ContractDraft,
    ContractKind,
    KeySide,
    Paper,
    PayeeDraft,
    Payment,
    PaymentDraft,
    RequestDraft,
    Terms,
    UnitUse,
)

ESTATE = "桂花里小区"
RATE_FEN = 185
PAID_IN_TIME = 0.82
PAID_AT_ALL = 0.94

TERMS = Terms(
    remuneration_bp=1_000,
    remuneration_basis=trust_property.Basis.FEES_RECEIVED,
    remuneration_cap_fen=12_000_000,
    small_fen=50_000,
    two_keys_fen=2_000_000,
    vote_fen=10_000_000,
    quotes_needed=1,
    emergency_cap_fen=2_000_000,
    ratify_days=7,
    interim_bp=5_000,
    question_days=7,
    request_days=60,
    cooling_days=0,
    settlement_fee_bp=100,
)
LINES = (
    BudgetLine("L01", "电梯维保和维修", 9_600_000),
    BudgetLine("L02", "保洁和垃圾清运", 12_000_000),
    BudgetLine("L03", "绿化养护", 3_600_000),
    BudgetLine("L04", "公共水电", 6_000_000),
    BudgetLine("L05", "消防和安防", 4_800_000),
    BudgetLine("L06", "道路和房屋小修", 5_000_000),
)
PAYEES = {
    "lift": PayeeDraft(
        "迅捷电梯维修部",
        "91310000607226889H",
        "迅捷电梯维修部",
        "工商银行桂花支行",
        "6222021001012345",
    ),
    "clean": PayeeDraft(
        "洁净保洁服务部",
        "91110000802100433B",
        "洁净保洁服务部",
        "农业银行梧桐支行",
        "6228480402564890",
    ),
    "green": PayeeDraft(
        "绿园园艺服务部",
        "9144030071526726XG",
        "绿园园艺服务部",
        "建设银行桂花支行",
        "6217001210048812",
    ),
}
PARKING = ("便捷停车管理部", "地面 60 个临时车位")


@dataclass(frozen=True, slots=True)
class Work:
    """A job that the firm asked money for: days ago, line, payee, amount, words.

    `{month}` in the words is the month before, by its number.
    """

    days_ago: int
    line: str
    payee: str
    amount_fen: int
    words: str
    is_paid: bool = True


WORKS = (
    Work(165, trust_property.TAKEN_OVER, "clean", 1_260_000, "接管前拖欠的保洁费"),
    Work(150, "L02", "clean", 960_000, "{month} 月保洁和垃圾清运"),
    Work(141, "L01", "lift", 860_000, "3 号楼电梯主板维修"),
    Work(120, "L02", "clean", 960_000, "{month} 月保洁和垃圾清运"),
    Work(104, "L03", "green", 540_000, "绿篱修剪和补种"),
    Work(90, "L02", "clean", 960_000, "{month} 月保洁和垃圾清运"),
    Work(75, "L05", "lift", 1_280_000, "消防泵检修，更换灭火器 60 只"),
    Work(60, "L02", "clean", 960_000, "{month} 月保洁和垃圾清运"),
    Work(44, "L01", "lift", 1_450_000, "全部电梯年检和钢丝绳更换"),
    Work(30, "L02", "clean", 960_000, "{month} 月保洁和垃圾清运"),
    Work(9, "L06", "green", 680_000, "东门道路补坑", is_paid=False),
    Work(2, "L01", "lift", 860_000, "5 号楼电梯门机维修", is_paid=False),
)


def keep_the_fund(actor: Actor, cast: Cast, since: date, today: date) -> list[Happening]:
    """Prepare the fund half a year ago; tell what came after as things that happen."""
    with clock.fixed(clock.at(since, 10)):
        office = _prepare(actor, cast)
        chance = random.Random(today.toordinal())  # noqa: S311  invented history, no secret
        _agree_on_everything(office, since)
        open_fund(office, since - timedelta(days=1), PAYEES["clean"].name)
    happenings = [
        Happening(clock.at(date(year, 1, 1), 8), partial(_adopt_budget, office))
        for year in range(since.year + 1, today.year + 1)
    ]
    month = since.replace(day=1)
    while (month := next_month(month)) <= today:
        happenings.append(Happening(clock.at(month, 9), partial(_bill, office, month)))
        happenings += _payments(office, month, today, chance)
        happenings.append(
            Happening(clock.at(month + timedelta(days=4), 15), partial(_reckon, office, month))
        )
    for work in WORKS:
        day = today - timedelta(days=work.days_ago)
        if day > since:
            happenings.append(Happening(clock.at(day, 11), partial(_work, office, work)))
    return [
        *happenings,
        *bring_papers(office, cast, since, today),
        *close_and_publish(office, since, today),
        *collect_what_is_owed(office, today),
        *hold_for_others(office, since, today),
        *audit_the_fund(office, today),
    ]


def _prepare(actor: Actor, cast: Cast) -> Office:
    with db.read() as session:
        (firm,) = identity.organizations(
            session, actor.community_id, identity.OrganizationKind.PROPERTY
        )
        houses = tuple(each.id for each in identity.buildings(session, actor.community_id))
    with db.read() as session:
        staff = act_as(session, actor, cast.staff)
    fund_id = db.write(trust_property.prepare_fund, staff, ESTATE, firm.id, houses)
    bank = ("建设银行桂花支行", "6688", BankUse.OPERATING)
    account = db.write(trust_property.add_bank_account, staff, fund_id, *bank)
    kept = ("建设银行桂花支行", "7799", BankUse.RESERVE)
    reserve = db.write(trust_property.add_bank_account, staff, fund_id, *kept)
    db.write(trust_property.take_units, staff, fund_id)
    committee = (cast.committee, cast.second_committee)
    office = Office(
        actor, cast.staff, cast.firm, *committee, cast.auditor, fund_id, account, reserve
    )
    for side, person_id in (
        (KeySide.TRUSTEE, cast.firm),
        (KeySide.COMMITTEE, cast.committee),
        (KeySide.COMMITTEE, cast.second_committee),
    ):
        db.write(trust_property.register_key_holder, staff, fund_id, side, person_id, "任命书")
    return office


def _agree_on_everything(office: Office, since: date) -> None:
    """Let both keys agree on rules, rate, contract, budget and payees."""
    today, fund_id = clock.today(), office.fund_id
    decision = _decision(today)
    office.ask(trust_property.propose_rules, fund_id, TERMS, today, decision)
    office.ask(trust_property.propose_rate, fund_id, UnitUse.HOME, RATE_FEN, today, decision)
    until = since + timedelta(days=364)
    contract = ContractDraft(ContractKind.PARKING, *PARKING, 7_200_000, since, until, 12, since)
    office.ask(trust_property.propose_contract, fund_id, contract)
    _adopt_budget(office)
    for draft in PAYEES.values():
        office.ask(trust_property.propose_payee, fund_id, draft, "服务合同")


def _adopt_budget(office: Office) -> None:
    """Let both keys agree on this year's budget, as the owners voted it."""
    today = clock.today()
    minutes = Paper("业主大会会议记录", photograph_sheet("业主大会会议记录", 8))
    asked = (office.fund_id, today.year, LINES, _decision(today), today, (minutes,))
    office.ask(trust_property.propose_budget, *asked)


def _decision(day: date) -> str:
    return f"业主大会决议 {day.year}-1"


def _bill(office: Office, month: date) -> None:
    firm = office.play(office.firm)
    number = month.year * 100 + month.month
    due_on = next_month(month) - timedelta(days=1)
    run = db.write(trust_property.prepare_bills, firm, office.fund_id, number, due_on)
    db.write(trust_property.post_bills, firm, office.fund_id, run)
    jobs.run_due()
    db.write(trust_property.book_instalments, firm, office.fund_id)


def _payments(office: Office, month: date, today: date, chance: random.Random) -> list[Happening]:
    """Plan who pays a month's bill on which day; some late, a few never."""
    with db.read() as session:
        units = trust_property.fund_units(session, office.actor, office.fund_id)
    by_day: dict[date, list[int]] = {}
    for unit in units:
        luck = chance.random()
        if luck > PAID_AT_ALL:
            continue
        wait = chance.randint(2, 26) if luck < PAID_IN_TIME else chance.randint(30, 75)
        day = month + timedelta(days=wait)
        if day < today:
            by_day.setdefault(day, []).append(unit.unit_id)
    return [
        Happening(
            clock.at(day, 16), partial(db.write, take_all, office.actor, office, tuple(paying))
        )
        for day, paying in by_day.items()
    ]


def take_all(session: Session, actor: Actor, office: Office, paying: tuple[int, ...]) -> None:
    """Take what some units owe, as the counter does one after the other."""
    firm = act_as(session, actor, office.firm)
    for unit_id in paying:
        bills = trust_property.open_bills(session, firm, office.fund_id, (unit_id,))
        owed = sum(bill.open_fen for bill in bills)
        if owed == 0:
            continue
        is_cash = unit_id % 15 == 0
        channel = Channel.CASH if is_cash else (Channel.WECHAT, Channel.TRANSFER)[unit_id % 2]
        account = None if is_cash else office.bank_account_id
        payment = Payment((unit_id,), owed, channel, clock.today(), account)
        trust_property.take_payment(session, firm, office.fund_id, payment)


def _reckon(office: Office, month: date) -> None:
    """Put last month's remuneration to the committee, and pay it."""
    firm = office.play(office.firm)
    last = (month - timedelta(days=1)).replace(day=1)
    try:
        made = db.write(trust_property.reckon_remuneration, firm, office.fund_id, last)
    except trust_property.NothingReceived:
        return
    with db.read() as session:
        all_so_far = trust_property.remunerations(session, firm, office.fund_id)
    found = next(each for each in all_so_far if each.id == made)
    assert found.matter_id is not None
    office.agree(found.matter_id)
    draft = PaymentDraft(
        office.bank_account_id, found.amount_fen, clock.today(), f"BK{clock.today():%Y%m%d}9"
    )
    db.write(trust_property.pay_remuneration, firm, office.fund_id, made, draft)


def _work(office: Office, work: Work) -> None:
    """Ask for a job's money; what is not new is approved and paid."""
    firm, fund_id = office.play(office.firm), office.fund_id
    with db.read() as session:
        known = trust_property.payees(session, firm, fund_id)
    payee = next(each.id for each in known if each.name == PAYEES[work.payee].name)
    quote = Paper("报价单", photograph_sheet(f"报价单{work.days_ago}", 3))
    # The copy for everybody, on which a phone number and a bank account are blacked out.
    copy = photograph_sheet(f"发票{work.days_ago}公开副本", 4)
    bill = Paper("发票", photograph_sheet(f"发票{work.days_ago}", 5), copy)
    words = work.words.format(month=last_month())
    draft = RequestDraft(
        work.line, payee, work.amount_fen, words, quotes=(quote,), vouchers=(bill,)
    )
    request_id = db.write(trust_property.ask_spending, firm, fund_id, draft)
    if work.days_ago < 5:
        return
    with db.read() as session:
        request = trust_property.get_request(session, firm, fund_id, request_id)
    assert request.matter_id is not None
    office.agree(request.matter_id)
    if work.is_paid:
        day = clock.today()
        paid = PaymentDraft(office.bank_account_id, work.amount_fen, day, f"BK{day:%Y%m%d}1")
        db.write(trust_property.pay_request, firm, fund_id, request_id, paid)
