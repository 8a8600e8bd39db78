"""Panels by lot: announced before anybody can know, drawn once, repeated by whoever wants."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from community import deliberation, transparency
from community.deliberation.checks.panels import panel_problems
from community.deliberation.errors.panels import (
    AnswerNotLate,
    InvitationAnswered,
    LeastsAboveSeats,
    ListPublished,
    NoCheckpointYet,
    NotInvited,
    NotListed,
    PanelNotFound,
    QuotasContradict,
    QuotasTogether,
    QuotaUnclear,
    SeatsOpen,
    SeatsTaken,
    SeedIsTheLogs,
    SeedKnown,
    SeedNotYet,
    SeedWanted,
    TooFewHouseholds,
    ValueShort,
)
from community.deliberation.models import PanelCandidate
from community.deliberation.queries import panels as queries
from community.deliberation.queries.quota_lines import read_quotas
from community.deliberation.rules.panels import InvitationState, PanelState, SeedSource, age_band
from community.deliberation.service import invitations, panels
from community.deliberation.tallies.panels import Quota, draw_panel
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.kernel.lots import hash_candidates
from community.kernel.permissions import Role
from tests import builders
from tests.conftest import NOON
from tests.deliberation.conversing import Talk, make_talk

SEED_AT = NOON + timedelta(hours=10)
AFTER = SEED_AT + timedelta(minutes=5)
LOTTERY = panels.SeedPlan(SeedSource.LOTTERY, SEED_AT, "福彩双色球第 2026134 期")
LOG = panels.SeedPlan(SeedSource.CHECKPOINT, SEED_AT)
NUMBERS = "03 07 12 19 25 31 + 08"
AGES = tuple(Quota(0, band, 1, 3) for band in ("18-34", "35-49", "50-64", "65-74", "75+"))


@pytest.fixture
def talk(database: Database) -> Talk:
    return make_talk(40)


def draft(talk: Talk, seats: int = 8, quotas: tuple[Quota, ...] = AGES) -> int:
    made: int = db.write(
        panels.draft_panel, talk.staff, panels.PanelDraft("停车圆桌", "商量停车", seats, quotas)
    )
    return made


def drawn(talk: Talk, seats: int = 8) -> int:
    panel = draft(talk, seats)
    db.write(panels.publish_candidates, talk.staff, panel, LOTTERY)
    with clock.fixed(AFTER):
        db.write(panels.run_draw, talk.staff, panel, NUMBERS)
    return panel


def view(talk: Talk, panel_id: int) -> queries.PanelView:
    with db.read() as session:
        return queries.get_panel(session, talk.staff, panel_id)


def seal(talk: Talk, at: datetime) -> None:
    """Publish something and sign a checkpoint at this time."""

    def publish(session: Session, actor: Actor) -> None:
        transparency.publish(session, actor.community_id, "log.test", {"moment": at.isoformat()})

    with clock.fixed(at):
        db.write(publish, talk.staff)
        db.write(transparency.checkpoint_now, Actor.system(talk.community_id))


@pytest.mark.parametrize(
    ("year", "band"),
    [(2009, None), (2008, "18-34"), (1991, "35-49"), (1976, "50-64"), (1951, "75+"), (None, "?")],
)
def test_the_band_of_the_age_reached_this_year(year: int | None, band: str | None) -> None:
    assert age_band(year, 2026) == band


def test_quotas_are_read_as_they_are_said() -> None:
    assert read_quotas("年龄 75+ 至少 3 至多 5\n\n楼栋 3 号楼 至少1，至多 2\n") == (
        Quota(0, "75+", 3, 5),
        Quota(1, "3 号楼", 1, 2),
    )
    for typed in ("75+ 3", "年龄 75+ 至少 3", "颜色 红 至少 1 至多 2", "楼栋 a|b 至少 1 至多 2"):
        with pytest.raises(QuotaUnclear):
            read_quotas(typed)


@pytest.mark.parametrize(
    ("seats", "quotas", "refusal"),
    [
        (3, (Quota(0, "75+", 2, 1),), QuotasContradict),
        (3, (Quota(0, "75+", 2, 3), Quota(0, "18-34", 2, 3)), LeastsAboveSeats),
    ],
)
def test_quotas_that_contradict_are_refused_at_once(
    talk: Talk, seats: int, quotas: tuple[Quota, ...], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        draft(talk, seats, quotas)


@pytest.mark.parametrize(
    ("seats", "quotas", "refusal"),
    [
        (30, (), TooFewHouseholds),
        (8, (Quota(1, "9 号楼", 1, 3),), ValueShort),
        (8, tuple(Quota(1, f"{number} 号楼", 0, 1) for number in range(1, 6)), QuotasTogether),
    ],
)
def test_what_cannot_be_drawn_is_known_before_anything_is_published(
    talk: Talk, seats: int, quotas: tuple[Quota, ...], refusal: type[Exception]
) -> None:
    panel = draft(talk, seats, quotas)
    with pytest.raises(refusal):
        db.write(panels.publish_candidates, talk.staff, panel, LOTTERY)
    assert view(talk, panel).state is PanelState.DRAFT
    with db.read() as session:
        assert transparency.find_record(session, talk.community_id, "panel.candidates", 1) is None


def test_a_seed_that_could_be_known_is_refused(talk: Talk) -> None:
    panel = draft(talk)
    for at in (NOON - timedelta(days=1), NOON, NOON + timedelta(minutes=59)):
        plan = panels.SeedPlan(SeedSource.CHECKPOINT, at)
        with pytest.raises(SeedKnown):
            db.write(panels.publish_candidates, talk.staff, panel, plan)
    plan = panels.SeedPlan(SeedSource.LOTTERY, SEED_AT)
    with pytest.raises(SeedWanted):
        db.write(panels.publish_candidates, talk.staff, panel, plan)
    db.write(panels.publish_candidates, talk.staff, panel, LOTTERY)
    with clock.fixed(SEED_AT - timedelta(seconds=1)), pytest.raises(SeedNotYet):
        db.write(panels.run_draw, talk.staff, panel, NUMBERS)
    with clock.fixed(AFTER), pytest.raises(SeedWanted):
        db.write(panels.run_draw, talk.staff, panel, "7")


def test_a_checkpoint_before_the_moment_is_no_seed(talk: Talk) -> None:
    panel = draft(talk)
    db.write(panels.publish_candidates, talk.staff, panel, LOG)
    seal(talk, SEED_AT - timedelta(minutes=1))
    with clock.fixed(AFTER), pytest.raises(NoCheckpointYet):
        db.write(panels.run_draw, talk.staff, panel)
    for minutes in (2, 4):
        seal(talk, SEED_AT + timedelta(minutes=minutes))
    with clock.fixed(AFTER):
        with pytest.raises(SeedIsTheLogs):
            db.write(panels.run_draw, talk.staff, panel, NUMBERS)
        db.write(panels.run_draw, talk.staff, panel)
    with db.read() as session:
        signed = {one.root.hex(): one.signed_at for one in transparency.checkpoints(session, 1)}
    # The first one after the moment: nobody chooses among several.
    assert signed[view(talk, panel).seed] == SEED_AT + timedelta(minutes=2)


def test_what_was_announced_stands(talk: Talk) -> None:
    panel = draft(talk)
    db.write(panels.publish_candidates, talk.staff, panel, LOTTERY)
    with pytest.raises(ListPublished):
        db.write(panels.publish_candidates, talk.staff, panel, LOTTERY)
    other = panels.PanelDraft("另一个", "话", 2, ())
    with pytest.raises(ListPublished):
        db.write(panels.change_panel, talk.staff, panel, other)
    for sql in (
        "UPDATE panel SET seats = 3",
        "UPDATE panel SET quotas = '[]'",
        "UPDATE panel SET seed_at = seed_at - 1",
        'UPDATE panel_candidate SET features = \'["75+","1"]\'',
        "DELETE FROM panel_candidate",
    ):

        def run(session: Session, actor: Actor, statement: str = sql) -> None:
            session.execute(text(statement))

        with pytest.raises(DatabaseError):
            db.write(run, talk.staff)


def test_a_panel_is_drawn_once_and_anybody_repeats_it(talk: Talk) -> None:
    panel = drawn(talk)
    with clock.fixed(AFTER), pytest.raises(NotListed):
        db.write(panels.run_draw, talk.staff, panel, "another number")
    with db.read() as session:
        file = queries.draw_file(session, talk.auditor, panel)
        listed = transparency.find_record(session, talk.community_id, "panel.candidates", panel)
        told = transparency.find_record(session, talk.community_id, "panel.drawn", panel)
    assert listed is not None
    assert told is not None
    assert hash_candidates([one.line for one in file.candidates]) == listed.fields["list_hash"]
    again = draw_panel(NUMBERS.encode(), file.candidates, file.rules)
    assert [one.token for one in again] == told.fields["drawn"]
    assert len({one.household for one in again}) == 8
    # Neither the list nor the log names anybody.
    words = str(file.as_plain()) + str(listed.fields) + str(told.fields)
    assert "居民" not in words


def test_who_is_drawn_from(database: Database) -> None:
    talk = make_talk(6)
    home = talk.homes[0]
    builders.make_person(talk.community_id, "小孩", birth_year=2015, household_id=home)
    builders.make_person(talk.community_id, "社工", household_id=home, roles=(Role.STAFF,))
    builders.make_person(talk.community_id, "住别处的")
    panel = draft(talk, 2, ())
    db.write(panels.publish_candidates, talk.staff, panel, LOTTERY)
    with db.read() as session:
        listed = {row.person_id for row in session.query(PanelCandidate)}
    assert listed == set(talk.people)


def test_roles(talk: Talk) -> None:
    resident, outsider = talk.actor(0), make_talk(2, "other")
    with pytest.raises(NotAllowed):
        db.write(panels.draft_panel, resident, panels.PanelDraft("题", "话", 2, ()))
    panel = draft(talk)
    with pytest.raises(PanelNotFound), db.read() as session:
        queries.get_public_panel(session, talk.auditor, panel)
    for command, given in (
        (panels.publish_candidates, (LOTTERY,)),
        (panels.run_draw, ()),
        (invitations.invite_next, ()),
        (invitations.seat_panel, ()),
        (panels.cancel_panel, ("不办了",)),
    ):
        with pytest.raises(NotAllowed):
            db.write(command, resident, panel, *given)
        with pytest.raises(PanelNotFound):
            db.write(command, outsider.staff, panel, *given)


def test_the_invited_answers_and_nobody_else(talk: Talk) -> None:
    panel = drawn(talk)
    first, second = view(talk, panel).invitations[:2]
    assert first.person_id is not None
    invited = builders.actor(talk.community_id, first.person_id)
    with clock.fixed(AFTER):
        with pytest.raises(NotInvited):
            db.write(invitations.answer_invitation, invited, second.id, True)
        with pytest.raises(NotAllowed):
            db.write(invitations.note_answer, invited, first.id, True)
        db.write(invitations.answer_invitation, invited, first.id, True)
        with pytest.raises(InvitationAnswered):
            db.write(invitations.answer_invitation, invited, first.id, True)
        # Who accepted may still fall ill.
        db.write(invitations.answer_invitation, invited, first.id, False)
        with pytest.raises(InvitationAnswered):
            db.write(invitations.answer_invitation, invited, first.id, True)
    with db.read() as session:
        place = queries.own_place(session, invited, panel)
        public = queries.get_public_panel(session, talk.auditor, panel)
    assert place is not None
    assert place.invitation is not None
    assert place.invitation.state is InvitationState.DECLINED
    assert {one.name for one in public.invitations} == {"居**"}
    assert {one.person_id for one in public.invitations} == {None}


def test_the_next_come_by_the_same_list_until_all_seats_are_taken(talk: Talk) -> None:
    panel = drawn(talk)
    with clock.fixed(AFTER):
        with pytest.raises(SeatsTaken):
            db.write(invitations.invite_next, talk.staff, panel)
        for one in view(talk, panel).invitations:
            answer = one.number not in {1, 4}
            db.write(invitations.note_answer, talk.staff, one.id, answer)
        with pytest.raises(SeatsOpen):
            db.write(invitations.seat_panel, talk.staff, panel)
        assert db.write(invitations.invite_next, talk.staff, panel) == 2
        third = view(talk, panel).invitations[-1]
        with pytest.raises(AnswerNotLate):
            db.write(invitations.note_unanswered, talk.staff, third.id)
    with clock.fixed(AFTER + timedelta(days=9)):
        db.write(invitations.note_unanswered, talk.staff, third.id)
        assert db.write(invitations.invite_next, talk.staff, panel) == 1
        for one in view(talk, panel).invitations:
            if one.state is InvitationState.INVITED:
                db.write(invitations.note_answer, talk.staff, one.id, True)
        db.write(invitations.seat_panel, talk.staff, panel)
    found = view(talk, panel)
    assert (found.state, found.accepted, found.open_seats) == (PanelState.SEATED, 8, 0)
    assert all(quota.least <= quota.seated <= quota.most for quota in found.quotas)
    assert [one.round for one in found.invitations] == [1] * 8 + [2, 2, 3]
    with db.read() as session:
        # Each round is repeated from the rows alone.
        assert panel_problems(session) == []


def test_a_cancelled_panel_says_why_and_ends(talk: Talk) -> None:
    panel = draft(talk)
    db.write(panels.publish_candidates, talk.staff, panel, LOTTERY)
    db.write(panels.cancel_panel, talk.staff, panel, "报名太少")
    with clock.fixed(AFTER), pytest.raises(NotListed):
        db.write(panels.run_draw, talk.staff, panel, NUMBERS)
    assert view(talk, panel).reason == "报名太少"


def test_what_is_held_about_somebody_is_shown_and_moved(talk: Talk) -> None:
    panel = drawn(talk)
    invited = view(talk, panel).invitations[0].person_id
    assert invited is not None
    other = builders.make_person(talk.community_id, "同一个人")
    with db.read() as session:
        copy = deliberation.export_person(session, talk.community_id, invited)
    assert [one["invitation"] for one in copy["panels"]] == ["invited"]
    db.write(deliberation.merge_person, talk.staff, other, invited)
    with db.read() as session:
        moved = deliberation.export_person(session, talk.community_id, other)
    assert moved["panels"] == copy["panels"]
    db.write(deliberation.erase_person, talk.staff, other)
