"""A project whose award stands and whose money is there; the acts that take it to its end."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.identity.models import OrganizationStaff
from community.kernel import clock, db, files
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.micro_projects.models import Award, Contract, Delivery, Milestone, ProjectPayment
from community.micro_projects.queries.contracts import MilestoneView, milestones_of
from community.micro_projects.queries.payments import PaymentView, payments_of
from community.micro_projects.rules.awards import AwardState, DirectGround
from community.micro_projects.rules.contracts import PlannedMilestone, Side
from community.micro_projects.rules.milestones import PaperKind, Verdict
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.surveys import Satisfaction
from community.micro_projects.rules.tenders import TenderMethod
from community.micro_projects.service import closing, contracts, milestones, payments, surveys
from community.micro_projects.service.money import hold_award
from tests import builders
from tests.micro_projects.scene import Scene, give_money, make_project, make_scene

FROM, UNTIL = date(2026, 11, 23), date(2026, 12, 31)
FIRST, SECOND = date(2026, 11, 30), date(2026, 12, 15)


@dataclass(frozen=True, slots=True)
class Job:
    """A project with its award: who runs it, who checks, who delivers, who else works there."""

    scene: Scene
    project_id: int
    award_id: int
    firm_id: int
    worker: Actor
    officer: Actor
    checker: Actor

    @property
    def community_id(self) -> int:
        return self.scene.community_id


def make_job(
    amount_fen: int = 8_000_00,
    *,
    scene: Scene | None = None,
    money_fen: int | None = None,
    title: str = "给三号楼装一段扶手",
) -> Job:
    """Let an award of an amount stand, with its money set aside."""
    scene = scene or make_scene()
    project_id = make_project(
        scene, ProjectState.PROCURING, title=title, budget_fen=amount_fen + 2_000_00
    )
    give_money(scene, project_id, money_fen or amount_fen + 2_000_00)
    firm_id, worker = make_firm(scene, "青禾扶手工程队", "孙工")
    award_id = give_award(scene, project_id, firm_id, amount_fen)
    checker = builders.make_person(scene.community_id, "周复核", roles=(Role.STAFF,))
    return Job(
        scene,
        project_id,
        award_id,
        firm_id,
        worker,
        scene.officer,
        builders.actor(scene.community_id, checker),
    )


def make_firm(scene: Scene, name: str, who: str) -> tuple[int, Actor]:
    """Let an organisation be at work here, with one of its people."""
    kind = identity.OrganizationKind.SUPPLIER
    firm_id = builders.make_organization(scene.community_id, name, kind)
    person_id = builders.make_person(scene.community_id, who)
    builders.grant(scene.community_id, person_id, Role.ORGANIZATION, firm_id)
    employ(scene, firm_id, person_id)
    return firm_id, builders.actor(scene.community_id, person_id)


def employ(scene: Scene, firm_id: int, person_id: int) -> None:
    """Let a person work for an organisation."""
    builders.add(
        OrganizationStaff,
        community_id=scene.community_id,
        organization_id=firm_id,
        person_id=person_id,
        from_on=date(2026, 1, 1),
    )


def give_award(scene: Scene, project_id: int, firm_id: int, amount_fen: int) -> int:
    """Let an award stand, its money set aside."""
    award_id = builders.add(
        Award,
        community_id=scene.community_id,
        project_id=project_id,
        organization_id=firm_id,
        method=TenderMethod.DIRECT,
        amount_fen=amount_fen,
        state=AwardState.ACTIVE,
        place=1,
        ground=DirectGround.SMALL,
        reason="金额小，专门比选不划算。",
        near_jobs=[],
        noticed_at=clock.now(),
        final_at=clock.now(),
    )
    db.write(hold_award, scene.officer, project_id, award_id, amount_fen)
    return award_id


def plan(*shares: int) -> tuple[PlannedMilestone, ...]:
    """Plan milestones on following days."""
    days = (FIRST, SECOND, UNTIL)
    return tuple(
        PlannedMilestone(f"第 {number} 期", share, day)
        for number, (share, day) in enumerate(zip(shares, days, strict=False), 1)
    )


def draft(
    job: Job, *shares: int, amount_fen: int | None = None, supervisor_id: int | None = None
) -> int:
    """Draft the job's contract."""
    asked = contracts.ContractDraft(
        "扶手安装合同",
        "在 3 号楼 1 单元楼道安装不锈钢扶手 24 米。",
        "质保一年。",
        FROM,
        UNTIL,
        plan(*(shares or (5_000, 5_000))),
        amount_fen,
        supervisor_id,
    )
    made: int = db.write(contracts.draft_contract, job.officer, job.award_id, asked)
    return made


def sign(job: Job, contract_id: int, *sides: Side, actor: Actor | None = None) -> None:
    """Record signatures, of both sides unless told."""
    given = sides or tuple(Side)
    who = actor or job.officer
    db.write(contracts.sign_contract, who, contract_id, given, clock.today(), picture("签字页"))


def running(job: Job, *shares: int, amount_fen: int | None = None) -> int:
    """Give a contract that both have signed."""
    contract_id = draft(job, *shares, amount_fen=amount_fen)
    sign(job, contract_id)
    return contract_id


def picture(name: str = "照片", shade: int = 0) -> files.Ready:
    """Make a picture; another shade is another file."""
    drawn = io.BytesIO()
    tone = sum(name.encode()) % 200
    Image.new("RGB", (64, 48), (tone, shade % 256, 120)).save(drawn, "PNG")
    return files.take_in(files.Upload(f"{name}.png", drawn.getvalue()))


def milestone_ids(job: Job, contract_id: int) -> list[int]:
    """List a contract's milestones."""
    return [each.id for each in plan_of(job, contract_id)]


def plan_of(job: Job, contract_id: int) -> tuple[MilestoneView, ...]:
    """Read a contract's milestones."""
    with db.read() as session:
        return milestones_of(session, job.community_id, contract_id)


def deliver(job: Job, milestone_id: int, actor: Actor | None = None) -> int:
    """Hand in a milestone with a photo."""
    handed = milestones.DeliveryDraft("扶手已装好，焊点打磨平。", (picture("现场"),), "1 单元楼道")
    made: int = db.write(milestones.submit_milestone, actor or job.worker, milestone_id, handed)
    return made


def judge(
    job: Job,
    delivery_id: int,
    verdict: Verdict = Verdict.ACCEPTED,
    actor: Actor | None = None,
) -> None:
    """Say what a delivery is worth."""
    who = actor or job.officer
    db.write(milestones.judge_delivery, who, delivery_id, verdict, "已到现场看过。")


def accept(job: Job, milestone_id: int) -> None:
    """Let a milestone be handed in and accepted."""
    judge(job, deliver(job, milestone_id))


def prepare(job: Job, milestone_id: int, actor: Actor | None = None) -> int:
    """Put a milestone forward for payment."""
    invoice = picture("发票", milestone_id)
    made: int = db.write(
        payments.prepare_payment, actor or job.officer, milestone_id, f"No.{milestone_id}", invoice
    )
    return made


def check(
    job: Job, payment_id: int, actor: Actor | None = None, *, is_approved: bool = True
) -> None:
    """Check a payment."""
    db.write(payments.check_payment, actor or job.checker, payment_id, is_approved, "已核对发票")


def pay(job: Job, milestone_id: int) -> int:
    """Let an accepted milestone be paid."""
    payment_id = prepare(job, milestone_id)
    check(job, payment_id)
    return payment_id


def finish(job: Job, contract_id: int) -> None:
    """Let every milestone of a contract be accepted and paid."""
    for milestone_id in milestone_ids(job, contract_id):
        accept(job, milestone_id)
        pay(job, milestone_id)


def open_survey(job: Job, closes_on: date) -> int:
    """Open the survey."""
    made: int = db.write(surveys.open_survey, job.officer, job.project_id, "3 号楼门口", closes_on)
    return made


def answer(job: Job, who: Actor, level: Satisfaction = Satisfaction.GOOD, words: str = "") -> None:
    """Answer the survey."""
    db.write(surveys.answer_survey, who, job.project_id, level, words)


def add_result(job: Job) -> None:
    """Add a picture of the result."""
    after = (picture("实施后"),)
    db.write(closing.add_papers, job.officer, job.project_id, PaperKind.AFTER, "新扶手", after)


def close(job: Job) -> None:
    """Close the project."""
    report = closing.ReportDraft("扶手装好了，老人上下楼方便了。", 60)
    db.write(closing.close_project, job.officer, job.project_id, report)


def paid(job: Job, contract_id: int) -> tuple[PaymentView, ...]:
    """Read a contract's payments."""
    with db.read() as session:
        return payments_of(session, job.community_id, contract_id)


def contract(job: Job, contract_id: int) -> Contract:
    """Read a contract's row."""
    with db.read() as session:
        return session.get_one(Contract, contract_id)


def count(table: type[Milestone | Delivery | ProjectPayment]) -> int:
    """Count rows."""

    def rows(session: Session) -> int:
        return len(session.scalars(select(table.id)).all())

    with db.read() as session:
        return rows(session)
