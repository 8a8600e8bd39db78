"""A community with its people of micro-projects, and projects in any state, with money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.micro_projects.models import Project, ProjectStep, ProjectVote
from community.micro_projects.queries.deciding import reviews_of
from community.micro_projects.queries.money import free_money as money_free
from community.micro_projects.rules.money import MoneySource
from community.micro_projects.rules.projects import (
    Funding,
    ProjectCategory,
    ProjectKind,
    ProposalOrigin,
)
from community.micro_projects.rules.states import STEPS, ProjectState
from community.micro_projects.service import checking, costing, endorsing, ideas, money, voting
from tests import builders
from tests.scenes import kept


@dataclass(frozen=True, slots=True)
class Scene:
    """Who is there: a proposer, a neighbour, the project officer, the street office, an auditor."""

    community_id: int
    author: Actor
    neighbour: Actor
    officer: Actor
    street: Actor
    auditor: Actor

    @property
    def system(self) -> Actor:
        return Actor.system(self.community_id)


@kept
def make_scene(slug: str = "guihua", name: str = "桂花里社区") -> Scene:
    """Open a community with the people of its projects."""
    community_id = builders.make_community(slug, name)

    def person(called: str, *roles: Role) -> Actor:
        made = builders.make_person(community_id, called, birth_year=1970, roles=roles)
        return builders.actor(community_id, made)

    return Scene(
        community_id,
        person("王秀英"),
        person("李建国"),
        person("陈专员", Role.STAFF),
        person("赵科长", Role.STREET),
        person("钱审计", Role.AUDITOR),
    )


def path_to(state: ProjectState) -> tuple[ProjectState, ...]:
    """Give the shortest way from a draft to a state, both included."""
    ways: list[tuple[ProjectState, ...]] = [(ProjectState.DRAFT,)]
    for way in ways:
        if way[-1] is state:
            return way
        ways += [(*way, each) for each in sorted(STEPS[way[-1]]) if each not in way]
    raise AssertionError(state)


def make_project(
    scene: Scene,
    state: ProjectState = ProjectState.APPROVED,
    *,
    title: str = "给三号楼装一段扶手",
    kind: ProjectKind = ProjectKind.WORKS,
    budget_fen: int | None = 8_000_00,
    author: Actor | None = None,
    into_id: int | None = None,
) -> int:
    """Write a project as it stands in a state, with the trace that leads there."""

    def write_rows(session: Session, actor: Actor) -> int:
        is_draft = state is ProjectState.DRAFT
        last = select(func.max(Project.number)).where(Project.community_id == scene.community_id)
        row = Project(
            community_id=scene.community_id,
            number=None if is_draft else (session.scalar(last) or 0) + 1,
            kind=kind,
            funding=Funding.LIVELIHOOD,
            title=title,
            need="楼道转角老人上下不便，希望装一段扶手。",
            category=ProjectCategory.ACCESS,
            place="3 号楼 1 单元楼道",
            state=state,
            author_id=(author or scene.author).person_id or 0,
            origin=ProposalOrigin.WEB,
            budget_fen=budget_fen,
            merged_into_id=into_id,
            threshold=10,
            kept_at=clock.now(),
            submitted_at=None if is_draft else clock.now(),
            moved_at=clock.now(),
        )
        session.add(row)
        session.flush()
        write_steps(session, scene, row.id, state)
        return row.id

    made: int = db.write(write_rows, scene.system)
    return made


def write_steps(session: Session, scene: Scene, project_id: int, state: ProjectState) -> None:
    """Write the trace that leads to a state."""
    for _, station in pairwise(path_to(state)):
        session.add(
            ProjectStep(
                community_id=scene.community_id,
                project_id=project_id,
                station=station,
                at=clock.now(),
                stepped_by=scene.officer.person_id,
            )
        )
        session.flush()


def give_money(
    scene: Scene,
    project_id: int,
    amount_fen: int,
    source: MoneySource = MoneySource.FISCAL,
    key: str = "",
) -> int:
    """Let a source give money to a project."""
    named = key or f"given:{source.value}:{amount_fen}"
    made: int = db.write(
        money.receive_money, scene.system, project_id, source, amount_fen, "slip:1", named
    )
    return made


def free_money(scene: Scene, project_id: int) -> int:
    """Tell a project's free money."""
    with db.read() as session:
        return money_free(session, scene.community_id, project_id)


def state_of(scene: Scene, project_id: int) -> ProjectState:
    """Tell where a project stands."""
    with db.read() as session:
        return session.get_one(Project, project_id).state


def walk(scene: Scene, *, budget_fen: int = 8_000_00, cofunding_fen: int = 0) -> int:
    """Let an idea go the real way as far as its costing; gives its id."""
    draft = ideas.IdeaDraft(
        "楼道装扶手", "老人上下楼不便。", ProjectKind.WORKS, ProjectCategory.ACCESS
    )
    project_id: int = db.write(ideas.propose_project, scene.author, draft, (), True)
    db.write(checking.accept_idea, scene.officer, project_id)
    adopt = builders.make_person
    for number in range(9):
        person = adopt(scene.community_id, f"邻居{number}", birth_year=1980)
        db.write(endorsing.record_endorsement, scene.officer, project_id, person)
    lines = (("扶手和安装", budget_fen),)
    db.write(costing.cost_project, scene.officer, project_id, lines, cofunding_fen)
    return project_id


def vote(scene: Scene, project_id: int, *, passed: bool = True) -> bool:
    """Let the council decide, as the flow tells it."""
    db.write(voting.ask_vote, scene.officer, project_id)
    with db.read() as session:
        asked = session.scalars(select(ProjectVote).order_by(ProjectVote.id.desc())).first()
        assert asked is not None
        text = asked.text

    def decide(session: Session, actor: Actor) -> bool:
        today = clock.today()
        return voting.take_vote(session, actor, project_id, text, "poll:1", today, passed=passed)

    taken: bool = db.write(decide, scene.system)
    return taken


def to_review(scene: Scene, project_id: int) -> int:
    """Let the vote pass and the notice run out; gives the request to the street."""
    vote(scene, project_id)
    with clock.fixed(clock.now() + timedelta(days=7)):
        db.write(voting.close_notice, scene.officer, project_id)
    with db.read() as session:
        found: int = reviews_of(session, scene.community_id, project_id)[0].id
    return found
