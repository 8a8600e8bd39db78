"""A micro-project of the demo from its award to its closing: instalments, survey, report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from community import identity, micro_projects
from community.demo.cast import Cast, act_as
from community.demo.happenings import Happening
from community.demo.papers import photograph_sheet
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.micro_projects import (
    CertificateDraft,
    CertificateKind,
    ContractDraft,
    DeliveryDraft,
    DirectGround,
    NewOrganization,
    PaperKind,
    PlannedMilestone,
    ProjectKind,
    ReportDraft,
    Satisfaction,
    Side,
    SupplierDraft,
    Verdict,
)

FIRM = NewOrganization("向阳社会工作服务中心", "52440300MJL234567G")
ANSWERS = (
    (Satisfaction.VERY_GOOD, "老师有耐心，孩子愿意来。"),
    (Satisfaction.GOOD, ""),
    (Satisfaction.VERY_GOOD, ""),
    (Satisfaction.GOOD, "要是周末也有就好了。"),
    (Satisfaction.FAIR, ""),
    (Satisfaction.VERY_GOOD, ""),
)


@dataclass(slots=True)
class Job:
    """What came about so far; later steps go on from it."""

    firm: int = 0
    contract: int = 0


def finish_project(
    actor: Actor, cast: Cast, today: date, found: dict[str, int], name: str, begun: int
) -> list[Happening]:
    """Give what happens to an approved project over three weeks, from `begun` days ago on."""
    job = Job()

    def then(after: int, hour: int, act: partial[None]) -> Happening:
        return Happening(_on(today, begun - after, hour), act)

    return [
        then(0, 14, partial(_register, actor, cast, job)),
        then(0, 15, partial(_award, actor, cast, job, found, name)),
        then(1, 10, partial(_sign, actor, cast, job)),
        then(7, 16, partial(_deliver, actor, cast, job, 0)),
        then(8, 10, partial(_pay, actor, cast, job, 0)),
        then(14, 16, partial(_deliver, actor, cast, job, 1)),
        then(15, 10, partial(_pay, actor, cast, job, 1)),
        then(15, 11, partial(_ask_residents, actor, cast, found, name)),
        then(16, 19, partial(_answer, actor, cast, found, name)),
        then(19, 10, partial(_close, actor, cast, found, name)),
    ]


def _on(today: date, days_ago: int, hour: int) -> datetime:
    return clock.at(today - timedelta(days=days_ago), hour)


def _staff(actor: Actor, cast: Cast) -> tuple[Actor, Actor]:
    with db.read() as session:
        return act_as(session, actor, cast.staff), act_as(session, actor, cast.second_staff)


def _register(actor: Actor, cast: Cast, job: Job) -> None:
    staff, _ = _staff(actor, cast)
    drafted = SupplierDraft((ProjectKind.SERVICE,), "课后托管、助老活动", "李社工 0755-00000000")
    supplier: int = db.write(micro_projects.register_supplier, staff, drafted, None, FIRM)
    for kind, title in (
        (CertificateKind.LICENCE, "民办非企业单位登记证书"),
        (CertificateKind.QUALIFICATION, "社会工作服务资质"),
    ):
        until = clock.today() + timedelta(days=50)
        draft = CertificateDraft(kind, title, "", clock.today() - timedelta(days=700), until)
        db.write(micro_projects.add_certificate, staff, supplier, draft)
    with db.read() as session:
        firms = identity.organizations(session, actor.community_id)
        job.firm = next(each.id for each in firms if each.name == FIRM.name)


def _award(actor: Actor, cast: Cast, job: Job, found: dict[str, int], name: str) -> None:
    staff, _ = _staff(actor, cast)
    with db.read() as session:
        project = micro_projects.find_project(session, actor.community_id, found[name])
    ground, reason = DirectGround.SMALL, "金额小，该中心已在附近社区办过两期，居民熟悉。"
    given = (project.id, job.firm, project.budget_fen, ground, reason)
    found[f"{name}-award"] = db.write(micro_projects.award_directly, staff, *given)
    job.contract = found[f"{name}-award"]


def _sign(actor: Actor, cast: Cast, job: Job) -> None:
    staff, _ = _staff(actor, cast)
    begins = clock.today()
    plan = (
        PlannedMilestone(
            "第一期：前 20 次课", 50_00, begins + timedelta(days=7), "签到表、现场照片"
        ),
        PlannedMilestone(
            "第二期：后 20 次课", 50_00, begins + timedelta(days=14), "签到表、作品展"
        ),
    )
    scope = "每周三次课后托管，辅导作业、手工，共 40 次。"
    ends = begins + timedelta(days=30)
    draft = ContractDraft("课后托管服务合同", scope, "缺课补课。", begins, ends, plan)
    job.contract = db.write(micro_projects.draft_contract, staff, job.contract, draft)
    paper = photograph_sheet("合同签字页", 6)
    given = (job.contract, tuple(Side), begins, paper)
    db.write(micro_projects.sign_contract, staff, *given)


def _milestone(actor: Actor, job: Job, place: int) -> int:
    with db.read() as session:
        found = micro_projects.milestones_of(session, actor.community_id, job.contract)
    return found[place].id


def _deliver(actor: Actor, cast: Cast, job: Job, place: int) -> None:
    staff, second = _staff(actor, cast)
    milestone = _milestone(actor, job, place)
    papers = (photograph_sheet(f"第 {place + 1} 期签到表", 5 + place),)
    draft = DeliveryDraft("20 次课按时上完，平均到课 18 人。", papers, "社区活动室")
    delivery: int = db.write(micro_projects.submit_milestone, staff, milestone, draft)
    words = "到现场看过，与签到表一致。"
    db.write(micro_projects.judge_delivery, second, delivery, Verdict.ACCEPTED, words)


def _pay(actor: Actor, cast: Cast, job: Job, place: int) -> None:
    staff, second = _staff(actor, cast)
    invoice = photograph_sheet(f"发票 {place + 1}", 3 + place)
    given = (_milestone(actor, job, place), f"{clock.today().year}{place + 1:04d}", invoice)
    payment: int = db.write(micro_projects.prepare_payment, staff, *given)
    db.write(micro_projects.check_payment, second, payment, True, "与合同、验收和发票一致。")


def _ask_residents(actor: Actor, cast: Cast, found: dict[str, int], name: str) -> None:
    staff, _ = _staff(actor, cast)
    until = clock.today() + timedelta(days=3)
    db.write(micro_projects.open_survey, staff, found[name], "社区活动室门口", until)


def _answer(actor: Actor, cast: Cast, found: dict[str, int], name: str) -> None:
    with db.read() as session:
        own = identity.get_person(session, actor.community_id, cast.resident)
        people = [act_as(session, actor, own.id)]
        people += [act_as(session, actor, each) for each in cast.leaders]
    for each, (level, words) in zip(people, ANSWERS, strict=False):
        db.write(micro_projects.answer_survey, each, found[name], level, words)


def _close(actor: Actor, cast: Cast, found: dict[str, int], name: str) -> None:
    staff, _ = _staff(actor, cast)
    after = (photograph_sheet("作品展", 7),)
    db.write(micro_projects.add_papers, staff, found[name], PaperKind.AFTER, "作品展", after)
    report = ReportDraft("40 次课全部上完，孩子放学有人带，家长按时接走。", 22)
    db.write(micro_projects.close_project, staff, found[name], report)
