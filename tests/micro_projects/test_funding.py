"""Slips, pledges and donations: each fen has a named source and can go back to it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from community import micro_projects
from community.kernel import clock, db, files, jobs
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.micro_projects.errors.funding import (
    DonationExceeds,
    DriveOver,
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
from community.micro_projects.models import (
    ClosingReport,
    Pledge,
    Project,
    ProjectQuota,
    ProjectVote,
)
from community.micro_projects.queries import funding as queries
from community.micro_projects.queries.money import free_by_source
from community.micro_projects.rules.deciding import ReviewOutcome
from community.micro_projects.rules.funding import (
    PledgeState,
    has_drive_failed,
    match_due,
    may_collect,
)
from community.micro_projects.rules.money import MoneySource
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service import (
    costing,
    drives,
    granting,
    ideas,
    money,
    moving,
    pledging,
    quotas,
    refunding,
    reviewing,
    voting,
)
from tests import builders
from tests.micro_projects.scene import (
    Scene,
    make_project,
    make_scene,
    path_to,
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
        refunding.share_rest(session, actor, row)

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
    db.write(ideas.withdraw_project, scene.officer, made, "厂家停产")
    assert sources(scene, made)[MoneySource.MATCHED] == 0


def test_a_pledge_is_the_persons_own_in_export_and_erasure(scene: Scene) -> None:
    made = cofunded(scene, 100_00)
    vote(scene, made)
    db.write(pledging.pledge_money, scene.neighbour, made, 30_00)

    def both(session: Session, actor: Actor) -> None:
        person, me = scene.neighbour.person_id or 0, scene.author.person_id or 0
        told = micro_projects.export_person(session, scene.community_id, person)
        assert told["pledges"][0]["amount_fen"] == 30_00
        micro_projects.merge_person(session, actor, me, person)
        mine = micro_projects.export_person(session, scene.community_id, me)
        assert mine["pledges"][0]["amount_fen"] == 30_00
        micro_projects.erase_person(session, actor, me)

    db.write(both, scene.system)


def refunded(scene: Scene) -> list[tuple[PledgeState, int]]:
    with db.read() as session:
        rows = session.scalars(select(Pledge).order_by(Pledge.id)).all()
        return [(row.state, row.given_back_fen) for row in rows]


@pytest.mark.once
def test_a_drive_fails_after_its_last_day_without_the_vote_or_the_target() -> None:
    last, day = date(2026, 12, 1), timedelta(days=1)
    voting_, notice, whole = ProjectState.VOTING, ProjectState.NOTICE, 100_00
    assert not has_drive_failed(voting_, last, last, 0, whole)
    assert has_drive_failed(voting_, last, last + day, whole, whole)
    assert has_drive_failed(notice, last, last + day, whole - 1, whole)
    assert not has_drive_failed(notice, last, last + day, whole, whole)
    assert not has_drive_failed(ProjectState.APPROVED, last, last + day, 0, whole)
    assert not has_drive_failed(voting_, None, last, 0, whole)
    assert not has_drive_failed(voting_, last, last + day, 0, 0)


def test_a_drive_without_its_target_ends_on_its_last_day_though_no_job_ran(scene: Scene) -> None:
    made = cofunded(scene, 100_00)
    db.write(voting.ask_vote, scene.officer, made)
    db.write(pledging.pledge_money, scene.author, made, 60_00)
    last = clock.now() + timedelta(days=60)
    with clock.fixed(last):
        db.write(pledging.pledge_money, scene.neighbour, made, 10_00)
        assert db.write(drives.fail_drives, scene.system) == 0
    with clock.fixed(last + timedelta(days=1)):
        with pytest.raises(DriveOver):
            db.write(pledging.pledge_money, scene.neighbour, made, 40_00)
        with pytest.raises(DriveOver):
            db.write(pledging.record_pledge, scene.officer, made, scene.author.person_id, 90_00)
        with pytest.raises(DriveOver):
            db.write(pledging.withdraw_pledge, scene.author, made)
        with db.read() as session:
            told = queries.pledging(session, scene.community_id, made, 100_00)
        assert (told.is_over, told.has_failed) == (True, True)
        # The council agrees a day late: it decides nothing, and the project is over.
        with db.read() as session:
            asked = session.scalars(select(ProjectVote)).one()

        def decide(session: Session, actor: Actor) -> bool:
            given = (made, asked.text, "poll:1", clock.today())
            return voting.take_vote(session, actor, *given, passed=True)

        assert db.write(decide, scene.system) is True
        assert state_of(scene, made) is ProjectState.EXPIRED
    assert refunded(scene) == [(PledgeState.LAPSED, 0), (PledgeState.LAPSED, 0)]


def test_a_drive_that_reached_both_in_time_goes_on_after_its_last_day(scene: Scene) -> None:
    made = cofunded(scene, 100_00)
    review = to_review(scene, made)
    pledge = db.write(pledging.pledge_money, scene.author, made, 100_00)
    db.write(quotas.set_quota, scene.street, 2026, 900_00)
    db.write(quotas.set_quota, scene.street, 2027, 900_00)
    with clock.fixed(clock.now() + timedelta(days=90)):
        assert db.write(drives.fail_drives, scene.system) == 0
        with pytest.raises(DriveOver):
            db.write(pledging.withdraw_pledge, scene.author, made)
        db.write(pledging.take_pledge, scene.officer, pledge)
        db.write(reviewing.answer_review, scene.street, review, ReviewOutcome.APPROVED)
    assert state_of(scene, made) is ProjectState.APPROVED


def test_a_large_drive_is_refunded_by_a_job_each_fen_once(scene: Scene) -> None:
    made = cofunded(scene, 100_00)
    vote(scene, made)
    given = ((60_00, scene.author), (20_00, scene.neighbour), (20_00, scene.auditor))
    for pledge in [db.write(pledging.pledge_money, each, made, part) for part, each in given]:
        db.write(pledging.take_pledge, scene.officer, pledge)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refunding, "AT_ONCE", 1)
        db.write(ideas.withdraw_project, scene.officer, made, "厂家停产")
        assert [each[0] for each in refunded(scene)] == [
            PledgeState.REFUNDED,
            PledgeState.PAID,
            PledgeState.PAID,
        ]
        jobs.run_due()
        jobs.run_due()
    assert refunded(scene) == [
        (PledgeState.REFUNDED, 60_00),
        (PledgeState.REFUNDED, 20_00),
        (PledgeState.REFUNDED, 20_00),
    ]
    assert sources(scene, made)[MoneySource.COFUNDING] == 0


def approved(scene: Scene) -> int:
    """Let the street approve a project of 1,000 yuan within a quota of 5,000, and grant 800."""
    made = cofunded(scene, 0)
    review = to_review(scene, made)
    db.write(quotas.set_quota, scene.street, 2026, 5_000_00)
    db.write(reviewing.answer_review, scene.street, review, ReviewOutcome.APPROVED)
    slip(scene, made, "2026-9", 800_00)
    return made


def reserved(scene: Scene) -> int:
    with db.read() as session:
        return session.scalars(select(ProjectQuota)).one().reserved_fen


def close(scene: Scene, project_id: int) -> None:
    """Let a project be closed with its rows alone; how it gets there belongs to other parts."""
    way = path_to(ProjectState.CLOSED)

    def end(session: Session, actor: Actor) -> None:
        for to in way[way.index(ProjectState.APPROVED) + 1 :]:
            moving.move_project(session, actor, project_id, to)
        report = ClosingReport(
            community_id=scene.community_id,
            project_id=project_id,
            words="办好了。",
            served_people=1,
            paid_fen=0,
            freed_fen=0,
            closed_by=scene.officer.person_id,
            closed_at=clock.now(),
            closed_on=clock.today(),
        )
        session.add(report)

    db.write(end, scene.system)


def test_what_a_closed_project_did_not_spend_is_free_for_the_year_again(scene: Scene) -> None:
    made = approved(scene)
    assert reserved(scene) == 1_000_00
    hold = db.write(money.hold_award, scene.officer, made, 1, 700_00)
    db.write(money.pay_instalment, scene.officer, hold, 650_01, "organization:7", "first")
    db.write(money.free_hold, scene.officer, hold)
    close(scene, made)
    assert reserved(scene) == 650_01
    assert sources(scene, made)[MoneySource.FISCAL] == 0

    def again(session: Session, actor: Actor) -> None:
        quotas.free_unspent(session, actor, session.get_one(Project, made))

    db.write(again, scene.system)
    assert reserved(scene) == 650_01
    with db.read() as session:
        assert queries.returned_fen(session, scene.community_id, made) == 149_99
    # Money that comes back later frees as much, once.
    db.write(money.take_back_money, scene.officer, hold, 50_00, "claw_back:1")
    db.write(again, scene.system)
    db.write(again, scene.system)
    assert reserved(scene) == 600_01


def test_a_project_given_up_after_a_payment_keeps_what_was_spent_reserved(scene: Scene) -> None:
    made = approved(scene)
    hold = db.write(money.hold_award, scene.officer, made, 1, 700_00)
    db.write(money.pay_instalment, scene.officer, hold, 200_00, "organization:7", "first")
    db.write(money.free_hold, scene.officer, hold)
    db.write(ideas.withdraw_project, scene.officer, made, "厂家停产")
    assert reserved(scene) == 200_00
