"""A project of the demo being done: contract, first instalment paid, the second handed in."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from community import identity, micro_projects
from community.demo.cast import Cast, act_as
from community.demo.happenings import Happening
from community.demo.papers import photograph_sheet
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.micro_projects import (
    CertificateDraft,
    CertificateKind,
    ContractDraft,
    DeliveryDraft,
    DirectGround,
    Finding,
    NewOrganization,
    NoteDraft,
    PlannedMilestone,
    ProjectKind,
    Side,
    SupplierDraft,
    Verdict,
)

FIRM = NewOrganization("安顺装饰工程队", "91110108MA01DEM0XP")
DOES = SupplierDraft((ProjectKind.WORKS,), "楼道扶手、防滑、小修小补", "马师傅")
CERTIFICATES = (
    (CertificateKind.LICENCE, "营业执照"),
    (CertificateKind.QUALIFICATION, "建筑装修装饰施工资质"),
    (CertificateKind.SAFETY, "安全生产许可证"),
)
BUDGET = 8_600_00


def deliver_project(
    actor: Actor, cast: Cast, found: dict[str, int], today: date
) -> list[Happening]:
    """Give what happens to the handrails once they are approved."""
    made: dict[str, int] = {}

    def then(days_ago: int, hour: int, act: partial[None]) -> Happening:
        return Happening(clock.at(today - timedelta(days=days_ago), hour), act)

    return [
        then(22, 10, partial(_award, actor, cast, found, made)),
        then(21, 15, partial(_contract, actor, cast, made)),
        then(12, 16, partial(_hand_in, actor, made, 0, "一层扶手装好，转角加了两个固定点。")),
        then(11, 10, partial(_accept_and_pay, actor, cast, made)),
        then(3, 18, partial(_look, actor, cast, made)),
        then(2, 17, partial(_hand_in, actor, made, 1, "二、三层装好，现场清扫完毕。")),
    ]


def _award(actor: Actor, cast: Cast, found: dict[str, int], made: dict[str, int]) -> None:
    with db.read() as session:
        staff = act_as(session, actor, cast.staff)
        grown = [
            card.id
            for card in identity.people(
                session, actor.community_id, identity.member_ids(session, actor.community_id)
            ).values()
            if (card.birth_year or clock.today().year) < clock.today().year - 30
        ]
    supplier = db.write(micro_projects.register_supplier, staff, DOES, None, FIRM)
    for kind, title in CERTIFICATES:
        paper = CertificateDraft(kind, title, issued_on=clock.today() - timedelta(days=400))
        db.write(micro_projects.add_certificate, staff, supplier, paper)
    made["worker"] = next(each for each in reversed(grown) if each not in cast.players)
    db.write(micro_projects.employ_for_supplier, staff, supplier, made["worker"])
    with db.read() as session:
        firm = identity.employer_of(session, actor.community_id, made["worker"]) or 0
    reason = "两家询过价，这家低 550 元，本小区做过两个单元。"
    given = (found["rail"], firm, BUDGET, DirectGround.SMALL, reason)
    made["award"] = db.write(micro_projects.award_directly, staff, *given)


def _contract(actor: Actor, cast: Cast, made: dict[str, int]) -> None:
    today = clock.today()
    with db.read() as session:
        staff = act_as(session, actor, cast.staff)
        overseer = _overseer(session, actor)
    draft = ContractDraft(
        "5 号楼楼道转角扶手",
        "一至三层转角安装不锈钢扶手共 42 米，含防滑条、安装和清扫。",
        "质保两年，松动 24 小时内上门。",
        today,
        today + timedelta(days=45),
        (
            PlannedMilestone("一层装好", 4_000, today + timedelta(days=12), "固定牢，无毛刺"),
            PlannedMilestone("二、三层装好，验收", 6_000, today + timedelta(days=45)),
        ),
        supervisor_id=overseer,
    )
    made["contract"] = db.write(micro_projects.draft_contract, staff, made["award"], draft)
    signed = (tuple(Side), today, photograph_sheet("签字页", 5))
    db.write(micro_projects.sign_contract, staff, made["contract"], *signed)


def _hand_in(actor: Actor, made: dict[str, int], place: int, words: str) -> None:
    with db.read() as session:
        worker = act_as(session, actor, made["worker"])
        plan = micro_projects.milestones_of(session, actor.community_id, made["contract"])
    draft = DeliveryDraft(words, (photograph_sheet("现场照片", 2 + place),), "5 号楼 1 单元")
    given = (plan[place].id, draft)
    made["delivery"] = db.write(micro_projects.submit_milestone, worker, *given)


def _accept_and_pay(actor: Actor, cast: Cast, made: dict[str, int]) -> None:
    with db.read() as session:
        staff = act_as(session, actor, cast.staff)
        second = act_as(session, actor, cast.second_staff)
        plan = micro_projects.milestones_of(session, actor.community_id, made["contract"])
    verdict = (made["delivery"], Verdict.ACCEPTED, "逐个摇过，牢固。")
    db.write(micro_projects.judge_delivery, staff, *verdict)
    invoice = (plan[0].id, "26112000001", photograph_sheet("发票", 4))
    payment = db.write(micro_projects.prepare_payment, staff, *invoice)
    db.write(micro_projects.check_payment, second, payment, True, "发票与验收单相符")


def _look(actor: Actor, cast: Cast, made: dict[str, int]) -> None:
    with db.read() as session:
        resident = act_as(session, actor, cast.resident)
    seen = NoteDraft(Finding.GOOD, "一层的我每天扶，很稳，接口也不刮手。")
    db.write(micro_projects.note_spot_check, resident, made["contract"], seen)


def _overseer(session: Session, actor: Actor) -> int | None:
    """Let the social organisation of the demo look over the firm's shoulder."""
    for person in identity.people_with_role(session, actor.community_id, Role.ORGANIZATION):
        found = identity.employer_of(session, actor.community_id, person)
        if found is not None:
            return found
    return None
