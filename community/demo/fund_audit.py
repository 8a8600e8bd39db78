"""The fund's audits in the demo: one with a finding and an opinion, one that is under way."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from community import transparency, trust_property
from community.demo.fund_office import Office
from community.demo.happenings import Happening
from community.kernel import clock, db
from community.trust_property import AuditPlan, OpinionKind, Severity

FINDING = "这一笔只有一家报价。金额不大，但议事规则要求说明为什么不比价，材料里没有说明。"
REPLY = "当时只有原厂有配件。情况说明已经补上，以后会随报价一起附上。"
OPINION = "抽查的账目与银行流水、发票相符。除一笔缺少比价说明外，公布的报表真实反映了收支。"
LARGE_FEN, AT_RANDOM = 500_000, 6


def audit_the_fund(office: Office, today: date) -> list[Happening]:
    """Tell when the auditor announced, drew, looked and concluded."""
    quarter = AuditPlan(
        today - timedelta(days=150), today - timedelta(days=60), LARGE_FEN, AT_RANDOM
    )
    autumn = AuditPlan(today - timedelta(days=59), today - timedelta(days=5), LARGE_FEN, AT_RANDOM)
    day = today - timedelta(days=25)
    return [
        Happening(clock.at(day, 9), partial(_announce, office, quarter)),
        Happening(clock.at(day + timedelta(days=1), 9), partial(_find, office)),
        Happening(clock.at(day + timedelta(days=3), 9), partial(_reply, office)),
        Happening(clock.at(day + timedelta(days=5), 9), partial(_conclude, office)),
        Happening(clock.at(today - timedelta(days=4), 9), partial(_announce, office, autumn)),
        Happening(clock.at(today - timedelta(days=1), 9), partial(_look, office, 3)),
    ]


def _announce(office: Office, plan: AuditPlan) -> None:
    """Announce an audit and draw its sample by the checkpoint that comes after."""
    auditor = office.play(office.auditor)
    made = db.write(trust_property.announce_audit, auditor, office.fund_id, plan)
    db.write(transparency.checkpoint_now, office.actor)
    db.write(trust_property.draw_sample, auditor, office.fund_id, made)


def _newest(office: Office) -> int:
    with db.read() as session:
        newest, *_ = trust_property.audits(session, office.play(office.auditor), office.fund_id)
    return newest.id


def _look(office: Office, most: int) -> None:
    """Look at the first entries of the sample that nobody looked at yet."""
    auditor, audit_id = office.play(office.auditor), _newest(office)
    with db.read() as session:
        found = trust_property.get_audit(session, auditor, office.fund_id, audit_id)
    waiting = [each.transaction_id for each in found.sample if each.checked_at is None]
    for entry in waiting[:most]:
        db.write(trust_property.check_entry, auditor, office.fund_id, audit_id, entry)


def _find(office: Office) -> None:
    auditor, audit_id = office.play(office.auditor), _newest(office)
    with db.read() as session:
        found = trust_property.get_audit(session, auditor, office.fund_id, audit_id)
    entry = found.sample[0].transaction_id
    asked = (office.fund_id, audit_id, entry, Severity.MINOR, FINDING)
    db.write(trust_property.add_finding, auditor, *asked)


def _reply(office: Office) -> None:
    firm, audit_id = office.play(office.firm), _newest(office)
    with db.read() as session:
        (finding,) = trust_property.get_audit(session, firm, office.fund_id, audit_id).findings
    asked = (office.fund_id, audit_id, finding.id, REPLY)
    db.write(trust_property.reply_to_finding, firm, *asked)


def _conclude(office: Office) -> None:
    auditor, audit_id = office.play(office.auditor), _newest(office)
    with db.read() as session:
        found = trust_property.get_audit(session, auditor, office.fund_id, audit_id)
    _look(office, len(found.sample))
    asked = (office.fund_id, audit_id, OpinionKind.QUALIFIED, OPINION)
    db.write(trust_property.give_opinion, auditor, *asked)
