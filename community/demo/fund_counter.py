"""What the fund's counter does in the demo: plans, reminders, a refund, deposits, others' money."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from community import trust_property
from community.demo.fund_office import Office, last_month
from community.demo.happenings import Happening
from community.kernel import clock, db
from community.trust_property import Channel, Way

REFUND_FEN = 200_000
DEPOSIT, DEPOSIT_FEN = "装修押金", 200_000
WATER, WATER_FEN, PASSED_ON_FEN = "代收水费", 486_300, 430_000
INSTALMENTS = 3


def collect_what_is_owed(office: Office, today: date) -> list[Happening]:
    """Tell when arrears were spread over months, when reminders went out, and a refund."""
    return [
        Happening(clock.at(today - timedelta(days=21), 15), partial(_agree_on_plan, office)),
        Happening(clock.at(today - timedelta(days=12), 9), partial(_remind, office)),
        Happening(clock.at(today - timedelta(days=8), 10), partial(_pay_back, office)),
    ]


def hold_for_others(office: Office, since: date, today: date) -> list[Happening]:
    """Tell when deposits came and went, and what was collected for the waterworks."""
    return [
        Happening(clock.at(since + timedelta(days=30), 10), partial(_take_deposits, office)),
        Happening(clock.at(today - timedelta(days=35), 10), partial(_return_deposit, office)),
        Happening(clock.at(today - timedelta(days=34), 11), partial(_collect_water, office)),
    ]


def _agree_on_plan(office: Office) -> None:
    firm = office.play(office.firm)
    with db.read() as session:
        most, *_ = trust_property.overdue_units(session, firm, office.fund_id)
    first = clock.today() + timedelta(days=30)
    asked = (office.fund_id, most.unit_id, INSTALMENTS, first, "分期缴费协议")
    db.write(trust_property.agree_plan, firm, *asked)


def _remind(office: Office) -> None:
    db.write(trust_property.send_reminders, office.play(office.firm), office.fund_id)


def _pay_back(office: Office) -> None:
    """Pay back part of what the last home had paid ahead."""
    firm = office.play(office.firm)
    with db.read() as session:
        *_, home = trust_property.fund_units(session, firm, office.fund_id)
    asked = (office.fund_id, home.unit_id, REFUND_FEN, office.bank_account_id)
    office.ask(trust_property.propose_refund, *asked, "房屋已出售，退还预缴的物业费")


def _take_deposits(office: Office) -> None:
    firm = office.play(office.firm)
    with db.read() as session:
        first, second, *_ = trust_property.fund_units(session, firm, office.fund_id)
    for unit in (first, second):
        asked = (office.fund_id, unit.unit_id, DEPOSIT, DEPOSIT_FEN, "业主")
        db.write(trust_property.take_deposit, firm, *asked, _way(office))


def _return_deposit(office: Office) -> None:
    firm = office.play(office.firm)
    with db.read() as session:
        held = trust_property.deposits(session, firm, office.fund_id)
    asked = (office.fund_id, held[-1].id, _way(office))
    db.write(trust_property.return_deposit, firm, *asked)


def _collect_water(office: Office) -> None:
    firm, fund_id = office.play(office.firm), office.fund_id
    agency = db.write(trust_property.add_agency, firm, fund_id, WATER)
    taken, passed = (fund_id, agency, WATER_FEN), (fund_id, agency, PASSED_ON_FEN)
    db.write(
        trust_property.collect_for_others, firm, *taken, _way(office), f"{last_month()} 月水费"
    )
    db.write(trust_property.pass_on, firm, *passed, _way(office), "交给自来水公司")


def _way(office: Office) -> Way:
    return Way(Channel.TRANSFER, clock.today(), office.bank_account_id)
