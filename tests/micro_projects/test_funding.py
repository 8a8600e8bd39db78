"""Slips, pledges and donations: each fen has a named source and can go back to it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from community import micro_projects
from community.kernel import clock, db, files
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.micro_projects.errors.funding import (
    DonationExceeds,
    GrantExceeds,
    NotCollecting,
    NotFunded,
    NotPledging,
    PledgeFixed,
    PledgeOutOfRange,
    SlipNumberTaken,
    TargetMissed,
)
from community.micro_projects.errors.joining import AdultsOnly
from community.micro_projects.models import Pledge, Project
from community.micro_projects.queries.money import free_by_source
from community.micro_projects.rules.deciding import ReviewOutcome
from community.micro_projects.rules.funding import PledgeState, match_due, may_collect
from community.micro_projects.rules.money import MoneySource
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service import (
    costing,
    granting,
    ideas,
    money,
    pledging,
    quotas,
    reviewing,
    voting,
)
from tests import builders
from tests.micro_projects.scene import (
    Scene,
    make_project,
    make_scene,
    state_of,
    to_review,
    vote,
)


@pytest.fixture
def scene(database: object) -> Scene:
    return make_scene()


def paper() -> files.Ready:
    return files.take_in(files.Upload("拨付单.pdf", b"%PDF-1.4 invented"))


def slip(scene: Scene, project_id: int, number: str, amount_fen: int) -> int:
    args = (project_id, number, amount_fen, clock.today(), paper())
    made: int = db.write(granting.grant_slip, scene.street, *args)
    return made


def cofunded(scene: Scene, cofunding_fen: int, matched_fen: int = 0) -> int:
    """Give a project costed at 1,000 yuan of which residents raise a part."""
    made = make_project(scene, ProjectState.COSTING, budget_fen=None)
    lines = (("凉亭座椅", 1_000_00),)
    args = (made, lines, cofunding_fen, matched_fen)
    db.write(costing.cost_project, scene.officer, *args)
    return made


def sources(scene: Scene, project_id: int) -> dict[MoneySource, int]:
    with db.read() as session:
        return free_by_source(session, scene.community_id, project_id)


@pytest.mark.once
def test_collection_starts_with_the_vote_and_the_target() -> None:
    assert not may_collect(ProjectState.VOTING, 100, 100)
    assert not may_collect(ProjectState.NOTICE, 99, 100)
    assert may_collect(ProjectState.NOTICE, 100, 100)
    assert not may_collect(ProjectState.REJECTED, 100, 100)
    assert match_due(33_33, 5_000, 100_00) == 16_66
    assert match_due(33_33, 50_000, 100_00) == 100_00


def test_fiscal_money_comes_by_slip_once_and_within_its_part(scene: Scene) -> None:
    made = make_project(scene, budget_fen=8_000_00)
    slip(scene, made, "2026-1", 5_000_00)
    with pytest.raises(SlipNumberTaken):
        slip(scene, made, "2026-1", 1_00)
    with pytest.raises(GrantExceeds):
        slip(scene, made, "2026-2", 3_000_01)
    slip(scene, made, "2026-2", 3_000_00)
    assert sources(scene, made)[MoneySource.FISCAL] == 8_000_00
    early = make_project(scene, ProjectState.REVIEW)
    with pytest.raises(NotFunded):
        slip(scene, early, "2026-3", 1_00)
    args = (made, "2026-4", 1_00, clock.today(), paper())
    with pytest.raises(NotAllowed):
        db.write(granting.grant_slip, scene.officer, *args)


def test_residents_pledge_pay_in_and_get_each_fen_back(scene: Scene) -> None:
    made = cofunded(scene, 100_01)
    with pytest.raises(NotPledging):
        db.write(pledging.pledge_money, scene.author, made, 1_00)
    vote(scene, made)
    first = db.write(pledging.pledge_money, scene.author, made, 60_00)
    with pytest.raises(PledgeOutOfRange):
        db.write(pledging.pledge_money, scene.neighbour, made, 40_02)
    with pytest.raises(NotCollecting):
        db.write(pledging.take_pledge, scene.officer, first)
    second = db.write(pledging.pledge_money, scene.neighbour, made, 40_01)
    for each in (first, second):
        db.write(pledging.take_pledge, scene.officer, each)
    with pytest.raises(PledgeFixed):
        db.write(pledging.take_pledge, scene.officer, first)
    with pytest.raises(PledgeFixed):
        db.write(pledging.withdraw_pledge, scene.author, made)
    assert sources(scene, made)[MoneySource.COFUNDING] == 100_01
    db.write(ideas.withdraw_project, scene.officer, made, "厂家停产")
    assert sources(scene, made)[MoneySource.COFUNDING] == 0
    with db.read() as session:
        rows = session.scalars(select(Pledge).order_by(Pledge.id)).all()
        told = [(row.state, row.given_back_fen) for row in rows]
    assert told == [(PledgeState.REFUNDED, 60_00), (PledgeState.REFUNDED, 40_01)]


def test_what_is_left_at_closing_goes_back_by_what_each_paid(scene: Scene) -> None:
    made = cofunded(scene, 100_00)
    vote(scene, made)
    given = ((scene.author, 66_67), (scene.neighbour, 33_33))
    for pledge in [db.write(pledging.pledge_money, each, made, part) for each, part in given]:
        db.write(pledging.take_pledge, scene.officer, pledge)
    hold = db.write(money.hold_award, scene.officer, made, 1, 90_00)
    db.write(money.pay_instalment, scene.officer, hold, 89_99, "organization:7", "first")
    db.write(money.free_hold, scene.officer, hold)

    def close(session: Session, actor: Actor) -> None:
        # The way there belongs to other parts; here only what closing gives back.
        row = session.get_one(Project, made)
        session.expunge(row)
        row.state = ProjectState.CLOSED
        pledging._share_rest(session, actor, row)

    db.write(close, scene.system)
    assert sources(scene, made)[MoneySource.COFUNDING] == 0
    with db.read() as session:
        rows = session.scalars(select(Pledge).order_by(Pledge.id)).all()
        assert [row.given_back_fen for row in rows] == [6_67, 3_34]


def test_a_failed_vote_lets_promises_lapse(scene: Scene) -> None:
    made = cofunded(scene, 100_00)
    db.write(voting.ask_vote, scene.officer, made)
    db.write(pledging.pledge_money, scene.author, made, 50_00)
    db.write(pledging.withdraw_pledge, scene.author, made)
    db.write(pledging.pledge_money, scene.author, made, 70_00)
    db.write(ideas.withdraw_project, scene.officer, made, "重复")
    assert state_of(scene, made) is ProjectState.WITHDRAWN
    with db.read() as session:
        row = session.scalars(select(Pledge)).one()
        assert (row.state, row.amount_fen) == (PledgeState.LAPSED, 70_00)


def test_the_street_approves_only_with_the_target_reached(scene: Scene) -> None:
    made = cofunded(scene, 100_00)
    review = to_review(scene, made)
    db.write(quotas.set_quota, scene.street, 2026, 900_00)
    args = (review, ReviewOutcome.APPROVED)
    with pytest.raises(TargetMissed):
        db.write(reviewing.answer_review, scene.street, *args)
    child = builders.make_person(scene.community_id, "小孩", birth_year=2015)
    with pytest.raises(AdultsOnly):
        db.write(pledging.record_pledge, scene.officer, made, child, 10_00)
    db.write(pledging.pledge_money, scene.author, made, 100_00)
    # The quota bears the fiscal part alone: 900 of 1,000 yuan.
    db.write(reviewing.answer_review, scene.street, *args)
    assert state_of(scene, made) is ProjectState.APPROVED


def test_a_donor_matches_what_was_paid_in_and_never_more(scene: Scene) -> None:
    made = cofunded(scene, 100_01, 60_00)
    vote(scene, made)
    gift = db.write(granting.note_donation, scene.officer, made, "街角面馆", 5_000, 60_00)
    with pytest.raises(DonationExceeds):
        db.write(granting.receive_donation, scene.officer, gift, 1)
    pledge = db.write(pledging.pledge_money, scene.author, made, 100_01)
    db.write(pledging.take_pledge, scene.officer, pledge)
    with pytest.raises(DonationExceeds):
        db.write(granting.receive_donation, scene.officer, gift, 50_01)
    db.write(granting.receive_donation, scene.officer, gift, 20_00)
    db.write(granting.receive_donation, scene.officer, gift, 30_00)
    assert sources(scene, made)[MoneySource.MATCHED] == 50_00
    with pytest.raises(DonationExceeds):
        db.write(granting.receive_donation, scene.officer, gift, 1)


def test_a_pledge_is_the_persons_own_in_export_and_erasure(scene: Scene) -> None:
    made = cofunded(scene, 100_00)
    vote(scene, made)
    db.write(pledging.pledge_money, scene.neighbour, made, 30_00)

    def both(session: Session, actor: Actor) -> None:
        person = scene.neighbour.person_id or 0
        told = micro_projects.export_person(session, scene.community_id, person)
        assert told["pledges"][0]["amount_fen"] == 30_00
        micro_projects.merge_person(session, actor, scene.author.person_id or 0, person)
        mine = micro_projects.export_person(
            session, scene.community_id, scene.author.person_id or 0
        )
        assert mine["pledges"][0]["amount_fen"] == 30_00
        micro_projects.erase_person(session, actor, scene.author.person_id or 0)

    db.write(both, scene.system)
