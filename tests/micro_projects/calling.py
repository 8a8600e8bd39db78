"""A call of the venture fund with applicants, a pool, a jury, and the steps to its projects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.micro_projects.models import PanelSeat, VentureApplication, VentureCall
from community.micro_projects.queries.venture_jury import CallRanking, find_call_ranking
from community.micro_projects.rules.panels import ON_PANEL, SeatKind
from community.micro_projects.rules.projects import ProjectCategory, ProjectKind
from community.micro_projects.rules.venture_choice import Choice
from community.micro_projects.service import (
    marking,
    panels,
    venture_applications,
    venture_calls,
    venture_choice,
    venture_jury,
)
from community.micro_projects.service.marking import Mark
from community.micro_projects.service.venture_applications import ApplicationDraft
from community.micro_projects.service.venture_calls import CallCriterion, CallDraft
from community.micro_projects.service.venture_steps import criteria_of_call
from tests import builders
from tests.micro_projects.scene import Scene, make_scene
from tests.micro_projects.tendering import make_firm
from tests.scenes import kept

PURSE, MOST = 100_000_00, 50_000_00
LINES = (("老师课时费", 24_000_00), ("材料", 6_000_00))
CRITERIA = (CallCriterion("居民需要", 4_000), CallCriterion("方案可行", 6_000))
KINDS = (SeatKind.EXPERT, SeatKind.EXPERT, SeatKind.RESIDENT, SeatKind.RESIDENT, SeatKind.OFFICIAL)


@dataclass(frozen=True)
class Calling:
    """A published call, two organisations with staff, a group's lead, and a pool of six."""

    scene: Scene
    call_id: int
    firms: tuple[int, ...]
    staff: tuple[Actor, ...]
    lead: Actor
    home: int
    pool: tuple[int, ...]

    @property
    def officer(self) -> Actor:
        return self.scene.officer

    def row(self) -> VentureCall:
        with db.read() as session:
            return session.get_one(VentureCall, self.call_id)

    def application(self, application_id: int) -> VentureApplication:
        with db.read() as session:
            return session.get_one(VentureApplication, application_id)

    def taking(self) -> Any:
        return clock.fixed(self.row().opens_at + timedelta(hours=1))

    def judging(self) -> Any:
        return clock.fixed(self.row().pitch_at + timedelta(hours=1))

    def begin(self) -> None:
        db.write(venture_calls.begin_judging, self.officer, self.call_id)

    def screen(self, *application_ids: int) -> None:
        for each in application_ids:
            db.write(venture_jury.screen_application, self.officer, each, True)

    def seat(self) -> None:
        for person in self.pool[: len(KINDS)]:
            db.write(venture_jury.seat_juror, self.officer, self.call_id, person)

    def seats(self) -> list[PanelSeat]:
        with db.read() as session:
            rows = session.query(PanelSeat).filter_by(call_id=self.call_id)
            return [row for row in rows.order_by(PanelSeat.number) if row.state in ON_PANEL]

    def juror(self, seat: PanelSeat) -> Actor:
        return builders.actor(self.scene.community_id, seat.person_id)

    def criteria(self) -> list[int]:
        with db.read() as session:
            call = session.get_one(VentureCall, self.call_id)
            found = criteria_of_call(session, call)
            return [each.id for each in found]

    def mark(self, seat: PanelSeat, points: dict[int, int]) -> None:
        """Let a juror give each application `points` hundredths on the first criterion."""
        first, second = self.criteria()
        marks = tuple(
            Mark(application, criterion, given)
            for application, given in points.items()
            for criterion, given in ((first, given), (second, 3_000))
        )
        db.write(marking.keep_marks, self.juror(seat), seat.id, marks)

    def score(self, points: dict[int, int]) -> None:
        """Let every juror give the same marks and sign."""
        for seat in self.seats():
            self.mark(seat, points)
            db.write(marking.sign_sheet, self.juror(seat), seat.id, "方案清楚")

    def ranking(self) -> CallRanking | None:
        with db.read() as session:
            return find_call_ranking(session, self.scene.community_id, self.call_id)

    def choose(self, *choices: Choice) -> int:
        made: int = db.write(
            venture_choice.choose_applications, self.officer, self.call_id, choices
        )
        return made


def call_draft(**changes: Any) -> CallDraft:
    """Write a call that opens tomorrow, closes in a week and is pitched three days later."""
    now = clock.now()
    draft = CallDraft(
        "2026 年社区公益创投",
        "支持助老、儿童和邻里互助的小项目。",
        ("助老", "儿童"),
        PURSE,
        MOST,
        now + timedelta(days=1),
        now + timedelta(days=8),
        now + timedelta(days=11),
        "社区活动室",
        CRITERIA,
    )
    return replace(draft, **changes)


def application_draft(**changes: Any) -> ApplicationDraft:
    """Write an application for 30,000 yuan that brings 15,000."""
    draft = ApplicationDraft(
        "儿童",
        "放学后的四点半课堂",
        "双职工家庭接孩子晚，放学后没人看。",
        "每周三次，由老师带着写作业和做手工，共 40 次。",
        ProjectKind.SERVICE,
        ProjectCategory.CHILDREN,
        LINES,
        "社区活动室",
        15_000_00,
        "机构自筹",
    )
    return replace(draft, **changes)


def draft(scene: Scene, **changes: Any) -> int:
    """Draft a call."""
    made: int = db.write(venture_calls.draft_call, scene.officer, call_draft(**changes))
    return made


@kept
def make_call() -> Calling:
    """Publish a call, register two organisations, and fill the pool."""
    scene = make_scene()
    here = scene.community_id
    firms, staff = [], []
    for name in ("向阳社会工作服务中心", "青禾公益发展中心"):
        firm, one = make_firm(here, name)
        firms.append(firm)
        staff.append(one)
    home = builders.make_household(here)
    person = builders.make_person(here, "周阿姨", household_id=home, birth_year=1962)
    lead = builders.actor(here, person)
    pool = []
    for number, kind in enumerate((*KINDS, SeatKind.EXPERT)):
        roles = (Role.STREET,) if kind is SeatKind.OFFICIAL else ()
        person = builders.make_person(here, f"评委{number}", birth_year=1965, roles=roles)
        db.write(panels.add_evaluator, scene.officer, person, kind)
        pool.append(person)
    call_id = draft(scene)
    db.write(venture_calls.publish_call, scene.street, call_id)
    return Calling(scene, call_id, tuple(firms), tuple(staff), lead, home, tuple(pool))


def apply(found: Calling, place: int = 0, **changes: Any) -> int:
    """Let an organisation write and hand in an application while the call is open."""
    with found.taking():
        made: int = db.write(
            venture_applications.write_application,
            found.staff[place],
            found.call_id,
            application_draft(**changes),
        )
        db.write(venture_applications.submit_application, found.staff[place], made)
    return made


def apply_as_group(found: Calling, **changes: Any) -> int:
    """Let residents apply as a group, and their sponsor agree."""
    given = application_draft(
        title="楼组互助送餐", theme="助老", group_name="三号楼互助小组",
        sponsor_id=found.firms[1], matched_fen=0, **changes,
    )  # fmt: skip
    with found.taking():
        made: int = db.write(
            venture_applications.write_application, found.lead, found.call_id, given
        )
        db.write(venture_applications.submit_application, found.lead, made)
        db.write(venture_applications.answer_sponsoring, found.staff[1], made, True)
    return made


@dataclass(frozen=True)
class Judged:
    """A call whose two applications were scored."""

    calling: Calling
    first: int
    second: int


@kept
def make_judged(first: int = 3_800, second: int = 3_000) -> Judged:
    """Take an organisation's and a group's application, screen, seat and score both."""
    found = make_call()
    one, other = apply(found), apply_as_group(found)
    with found.judging():
        found.begin()
        found.screen(one, other)
        found.seat()
        found.score({one: first, other: second})
    return Judged(found, one, other)


def after_notice(found: Calling) -> datetime:
    """Give a moment after the notice of the choice."""
    return found.row().pitch_at + timedelta(days=8)


@kept
def make_projects() -> tuple[Judged, tuple[int, ...]]:
    """Choose both applications and confirm them; gives the projects."""
    made = make_judged()
    found = made.calling
    with found.judging():
        found.choose(Choice(made.first, 30_000_00), Choice(made.second, 30_000_00))
    with clock.fixed(after_notice(found)):
        projects = db.write(venture_choice.confirm_choice, found.officer, found.call_id)
    return made, tuple(projects)
