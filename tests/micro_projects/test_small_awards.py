"""Small jobs: one officer gives them in minutes, in public, and splitting is noticed."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.identity import OrganizationKind
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.micro_projects.errors import awards as refusals
from community.micro_projects.errors.money import ProjectMoneyShort
from community.micro_projects.models import Award
from community.micro_projects.queries.awards import is_contractable
from community.micro_projects.rules.awards import AwardState, DirectGround
from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service import awards
from community.micro_projects.service.direct_awards import (
    Quote,
    award_by_quotes,
    award_directly,
)
from tests import builders
from tests.micro_projects.scene import (
    Scene,
    free_money,
    give_money,
    make_project,
    make_scene,
    state_of,
)
from tests.micro_projects.tendering import NAMES, make_firm

pytestmark = pytest.mark.usefixtures("database")

CLASS_FEN = 800_000


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def firm_of(scene: Scene, place: int = 0) -> int:
    firm, _ = make_firm(scene.community_id, NAMES[place])
    return firm


def make_class(scene: Scene, title: str = "暑期儿童书画班") -> int:
    made = make_project(scene, title=title, kind=ProjectKind.SERVICE, budget_fen=900_000)
    give_money(scene, made, 900_000)
    return made


def give(scene: Scene, project_id: int, firm: int, fen: int = CLASS_FEN, split: str = "") -> int:
    made: int = db.write(
        award_directly, scene.officer, project_id, firm, fen, DirectGround.SMALL, "", split
    )
    return made


def award_of(award_id: int) -> Award:
    with db.read() as session:
        return session.get_one(Award, award_id)


def test_one_officer_gives_a_small_job_whose_money_is_held_at_once(scene: Scene) -> None:
    project, firm = make_class(scene), firm_of(scene)
    row = award_of(give(scene, project, firm))
    assert (row.state, row.tender_id, row.standstill_until) == (AwardState.ACTIVE, None, None)
    assert row.reason == "金额小，专门比选不划算"
    assert free_money(scene, project) == 100_000
    assert state_of(scene, project) is ProjectState.PROCURING
    with db.read() as session:
        assert is_contractable(session, scene.community_id, row.id)


def test_twice_and_beside_another_is_refused(scene: Scene) -> None:
    project, firm = make_class(scene), firm_of(scene)
    give(scene, project, firm)
    with pytest.raises(refusals.AwardStands):
        give(scene, project, firm)
    assert free_money(scene, project) == 100_000


def test_the_limit_the_budget_and_the_register_are_kept(scene: Scene) -> None:
    project, firm = make_class(scene), firm_of(scene)
    stranger = builders.make_organization(scene.community_id, NAMES[1], OrganizationKind.SUPPLIER)
    with pytest.raises(refusals.DirectTooMuch):
        give(scene, project, firm, 1_000_001)
    with pytest.raises(refusals.AwardOverBudget):
        give(scene, project, firm, 900_001)
    with pytest.raises(refusals.SupplierUnfit):
        give(scene, project, stranger)
    for other in (scene.neighbour, scene.street, scene.auditor):
        with pytest.raises(NotAllowed):
            db.write(award_directly, other, project, firm, 1, DirectGround.SMALL, "")


def test_short_money_writes_nothing(scene: Scene) -> None:
    firm = firm_of(scene)
    project = make_project(scene, kind=ProjectKind.SERVICE, budget_fen=900_000)
    with pytest.raises(ProjectMoneyShort):
        give(scene, project, firm)
    assert state_of(scene, project) is ProjectState.APPROVED
    with db.read() as session:
        assert session.query(Award).count() == 0


def test_a_job_split_to_stay_small_is_named_and_explained_in_public(scene: Scene) -> None:
    firm = firm_of(scene)
    first, second = make_class(scene), make_class(scene, "暑期儿童书画班第二期")
    give(scene, first, firm)
    with pytest.raises(refusals.SplitNotExplained) as refused:
        give(scene, second, firm)
    assert refused.value.facts["titles"] == "暑期儿童书画班"
    row = award_of(give(scene, second, firm, split="第二期人数翻倍后才立项"))
    assert (row.near_jobs, row.split_words) == ([first], "第二期人数翻倍后才立项")


def test_the_lowest_quote_gets_the_job_and_all_quotes_stay(scene: Scene) -> None:
    project = make_class(scene)
    firms = [firm_of(scene, place) for place in range(3)]
    prices = (850_000, 790_000, 880_000)
    quotes = tuple(Quote(*pair) for pair in zip(firms, prices, strict=True))
    with pytest.raises(refusals.QuotesTooFew):
        db.write(award_by_quotes, scene.officer, project, quotes[:2])
    with pytest.raises(refusals.QuotesTwice):
        db.write(award_by_quotes, scene.officer, project, (*quotes[:2], quotes[0]))
    tied = (*quotes[:2], Quote(firms[2], 790_000))
    with pytest.raises(refusals.QuotesTied):
        db.write(award_by_quotes, scene.officer, project, tied)
    row = award_of(db.write(award_by_quotes, scene.officer, project, quotes))
    assert (row.organization_id, row.amount_fen) == (firms[1], 790_000)
    assert row.reason == "3 家报价中最低：7900.00 元"
    assert free_money(scene, project) == 110_000


def test_who_refuses_frees_the_money_and_the_project(scene: Scene) -> None:
    project, firm = make_class(scene), firm_of(scene)
    made = give(scene, project, firm)
    db.write(awards.record_refusal, scene.officer, made, "老师病了")
    assert award_of(made).state is AwardState.REFUSED
    assert free_money(scene, project) == 900_000
    assert state_of(scene, project) is ProjectState.APPROVED
    with db.read() as session:
        assert not is_contractable(session, scene.community_id, made)
    give(scene, project, firm_of(scene, 1))


def test_the_database_keeps_one_award_a_project(scene: Scene) -> None:
    project, firm = make_class(scene), firm_of(scene)
    give(scene, project, firm)

    def again(session: Session, actor: Actor) -> None:
        session.add(
            Award(
                community_id=actor.community_id,
                project_id=project,
                organization_id=firm,
                method="direct",
                amount_fen=1,
                state=AwardState.PENDING,
                place=1,
                ground=DirectGround.SMALL,
                reason="绕过系统",
                near_jobs=[],
                noticed_at=clock.now(),
            )
        )
        session.flush()

    with pytest.raises(IntegrityError):
        db.write(again, scene.system)

    def revive(session: Session, actor: Actor) -> None:
        session.execute(text("UPDATE award SET amount_fen = amount_fen + 1"))

    with pytest.raises(IntegrityError):
        db.write(revive, scene.system)
