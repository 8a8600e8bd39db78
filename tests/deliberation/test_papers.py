"""Papers, mandates and calls: what comes back is read by two people and counted once."""

from __future__ import annotations

import io
import sqlite3
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from community import deliberation, notices
from community.deliberation import Secrecy, Turnout
from community.deliberation.errors import papers as errors
from community.deliberation.errors.polls import BadChoice, NoPaperHere, OtherBallotCounts
from community.deliberation.models import Ballot, PaperReading
from community.deliberation.queries import papers as queries
from community.deliberation.queries.counting import recount
from community.deliberation.rules.papers import PaperState, witnesses_in
from community.deliberation.service import mandates
from community.deliberation.service import papers as service
from community.kernel import clock, db, files
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.kernel.permissions import Role
from tests import builders
from tests.deliberation.voting import (
    NO,
    YES,
    Street,
    decide,
    during,
    entries_of,
    frozen,
    make_street,
    poll_of,
)

pytestmark = pytest.mark.usefixtures("database")
REFUSED = (sqlite3.IntegrityError, psycopg.errors.IntegrityError, psycopg.errors.RaiseException)


@dataclass
class Hall:
    """A poll with papers, and three people at the desk."""

    street: Street
    poll_id: int
    clerks: tuple[Actor, Actor, Actor]

    def codes(self) -> list[str]:
        with db.read() as session:
            sheets = queries.sheets_of(session, self.clerks[0], self.poll_id)
        return [each.code for each in sorted(sheets, key=lambda each: each.number)]

    def entries(self) -> list[int]:
        return entries_of(self.street, self.poll_id)

    def read(self, clerk: int, code: str, pairs: object, reason: str = "") -> PaperState:
        state: PaperState = db.write(service.read_paper, self.clerks[clerk], code, pairs, reason)
        return state


def make_hall(people: int = 4, **changes: object) -> Hall:
    street = make_street(people)
    settings = {"has_paper": True, **changes.pop("settings", {})}  # type: ignore[dict-item]
    poll_id = frozen(street, settings=settings, **changes)
    others = [
        builders.actor(
            street.community_id,
            builders.make_person(street.community_id, name, roles=(Role.STAFF,)),
        )
        for name in ("高静", "田野")
    ]
    hall = Hall(street, poll_id, (street.convener, *others))  # type: ignore[arg-type]
    db.write(service.print_papers, street.convener, poll_id)
    return hall


def close(hall: Hall) -> None:
    db.write(deliberation.close_poll, hall.street.system, hall.poll_id)
    db.write(service.begin_count, hall.street.convener, hall.poll_id, "邓华、方敏", "居委会会议室")


def scan() -> files.Ready:
    picture = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(picture, "PNG")
    upload = files.Upload("委托书.png", picture.getvalue(), "image/png")
    return files.take_in(upload, files.IMAGES)


def test_a_paper_counts_when_two_people_read_the_same() -> None:
    hall = make_hall()
    codes = hall.codes()
    assert db.write(service.print_papers, hall.street.convener, hall.poll_id) == 0
    with during(hall.street, hall.poll_id) as closes_at:
        assert db.write(service.log_return, hall.clerks[1], codes[1]) == 2
        assert db.write(service.log_return, hall.clerks[0], codes[1]) == 2
    with clock.fixed(closes_at):
        close(hall)
        assert hall.read(0, codes[1], YES) is PaperState.READ_ONCE
        with pytest.raises(errors.SameReader):
            hall.read(0, codes[1], YES)
        with pytest.raises(errors.PapersUnread):
            db.write(deliberation.decide_poll, hall.street.convener, hall.poll_id)
        assert hall.read(1, codes[1], YES) is PaperState.READ
        with pytest.raises(errors.PaperSettled):
            hall.read(2, codes[1], NO)
        db.write(deliberation.decide_poll, hall.street.convener, hall.poll_id)
    with db.read() as session:
        outcome, is_same = recount(session, hall.street.community_id, hall.poll_id)
    assert is_same
    assert outcome["totals"] == [[1, 1], [2, 0], [3, 0]]


def test_a_third_person_settles_where_two_differ() -> None:
    hall = make_hall()
    code = hall.codes()[0]
    with during(hall.street, hall.poll_id) as closes_at:
        db.write(service.log_return, hall.clerks[0], code)
    with clock.fixed(closes_at):
        close(hall)
        hall.read(0, code, YES)
        with pytest.raises(errors.ReadingsAgree):
            db.write(service.settle_paper, hall.clerks[2], code, YES, "看清楚了")
        assert hall.read(1, code, NO) is PaperState.DIFFERS
        with pytest.raises(errors.PaperSettled):
            hall.read(2, code, NO)
        with pytest.raises(errors.SameReader):
            db.write(service.settle_paper, hall.clerks[1], code, NO, "我没看错")
        with pytest.raises(errors.SpoiltNeedsReason):
            db.write(service.settle_paper, hall.clerks[2], code, NO, " ")
        settled = db.write(service.settle_paper, hall.clerks[2], code, NO, "勾在“反对”框里")
        assert settled is PaperState.READ
        db.write(deliberation.decide_poll, hall.street.convener, hall.poll_id)
    with db.read() as session:
        assert session.scalar(select(Ballot.pairs)) == [[2, 1]]


def test_a_spoilt_paper_counts_for_nobody_and_says_why() -> None:
    hall = make_hall()
    code = hall.codes()[0]
    with during(hall.street, hall.poll_id) as closes_at:
        db.write(service.log_return, hall.clerks[0], code)
    with clock.fixed(closes_at):
        close(hall)
        with pytest.raises(errors.SpoiltNeedsReason):
            hall.read(0, code, None)
        with pytest.raises(BadChoice):
            hall.read(0, code, ((1, 1), (2, 1)))
        hall.read(0, code, None, "两项都打了勾")
        assert hall.read(1, code, None, "勾了两个") is PaperState.SPOILT
        db.write(deliberation.decide_poll, hall.street.convener, hall.poll_id)
    with db.read() as session:
        assert session.scalars(select(Ballot.id)).all() == []


def test_a_paper_comes_back_in_time_or_not_at_all() -> None:
    hall = make_hall()
    codes = hall.codes()
    with pytest.raises(errors.PaperTooLate):
        db.write(service.log_return, hall.clerks[0], codes[0])
    closes_at = poll_of(hall.street, hall.poll_id).closes_at
    with clock.fixed(closes_at - timedelta(microseconds=1)):
        db.write(service.log_return, hall.clerks[0], codes[0])
    with clock.fixed(closes_at):
        with pytest.raises(errors.PaperTooLate):
            db.write(service.log_return, hall.clerks[0], codes[1])
        db.write(deliberation.close_poll, hall.street.system, hall.poll_id)
        with pytest.raises(errors.CountNotBegun):
            hall.read(0, codes[0], YES)
        with pytest.raises(errors.WitnessesMissing):
            db.write(service.begin_count, hall.street.convener, hall.poll_id, "邓华、 邓华")
        db.write(service.begin_count, hall.street.convener, hall.poll_id, "邓华，方敏")
        with pytest.raises(errors.PaperNotReturned):
            hall.read(0, codes[1], YES)
        with pytest.raises(errors.PaperNotFound):
            hall.read(0, "nothing", YES)
        hall.read(0, codes[0], YES)
        hall.read(1, codes[0], YES)


@pytest.mark.parametrize(("prevailing", "totals"), [("online", [1, 0]), ("paper", [0, 1])])
def test_the_posted_rule_says_which_ballot_counts(prevailing: str, totals: list[int]) -> None:
    hall = make_hall(settings={"prevailing": prevailing})
    code = hall.codes()[0]
    with during(hall.street, hall.poll_id) as closes_at:
        db.write(deliberation.cast_ballot, hall.street.voter(0), hall.poll_id, YES)
        db.write(service.log_return, hall.clerks[0], code)
    with clock.fixed(closes_at):
        close(hall)
        hall.read(0, code, NO)
        assert hall.read(1, code, NO) is PaperState.READ
        db.write(deliberation.decide_poll, hall.street.convener, hall.poll_id)
    with db.read() as session:
        outcome, _ = recount(session, hall.street.community_id, hall.poll_id)
    assert [many for _, many in outcome["totals"][:2]] == totals


def test_hidden_turnout_hides_which_papers_came_back() -> None:
    hall = make_hall(turnout=Turnout.HIDDEN)
    with during(hall.street, hall.poll_id):
        db.write(service.log_return, hall.clerks[0], hall.codes()[0])
        with db.read() as session:
            papers = queries.papers_of(session, hall.clerks[0], hall.poll_id)
    assert {each.state for each in papers} == {PaperState.PRINTED}


def test_a_secret_polls_readings_lose_their_choice() -> None:
    hall = make_hall(secrecy=Secrecy.SECRET)
    code = hall.codes()[0]
    with during(hall.street, hall.poll_id) as closes_at:
        db.write(service.log_return, hall.clerks[0], code)
    with clock.fixed(closes_at):
        close(hall)
        hall.read(0, code, YES)
        hall.read(1, code, YES)
        db.write(deliberation.decide_poll, hall.street.convener, hall.poll_id)
    with db.read() as session:
        assert set(session.scalars(select(PaperReading.pairs))) == {None}
        outcome, _ = recount(session, hall.street.community_id, hall.poll_id)
    assert outcome["totals"][0] == [1, 1]


def test_the_database_too_wants_two_readers() -> None:
    hall = make_hall()
    with during(hall.street, hall.poll_id) as closes_at:
        db.write(service.log_return, hall.clerks[0], hall.codes()[0])
    with clock.fixed(closes_at):
        close(hall)
        hall.read(0, hall.codes()[0], YES)
        with pytest.raises(REFUSED, match="two people read"):
            db.write(
                deliberation.record_ballot,
                hall.clerks[0],
                hall.entries()[0],
                YES,
                deliberation.Origin.PAPER,
            )
        hall.read(1, hall.codes()[0], YES)


def test_papers_are_the_desks_and_need_the_rule() -> None:
    hall = make_hall()
    with pytest.raises(NotAllowed):
        db.write(service.print_papers, hall.street.voter(0), hall.poll_id)
    with pytest.raises(NotAllowed):
        db.write(service.log_return, hall.street.voter(0), hall.codes()[0])
    other = make_street(2, "lanting")
    with pytest.raises(errors.PaperNotFound):
        db.write(service.log_return, other.convener, hall.codes()[0])
    without = frozen(hall.street)
    with pytest.raises(NoPaperHere):
        db.write(service.print_papers, hall.street.convener, without)


def test_a_mandate_is_written_capped_and_gives_way_to_its_voter() -> None:
    hall = make_hall(6)
    entries, desk = hall.entries(), hall.clerks[0]
    holder = hall.street.people[5]
    for entry in entries[:3]:
        db.write(mandates.record_mandate, desk, entry, holder, scan())
    with pytest.raises(errors.MandateRefused, match="三票"):
        db.write(mandates.record_mandate, desk, entries[3], holder, scan())
    with pytest.raises(errors.MandateKnown):
        db.write(mandates.record_mandate, desk, entries[0], hall.street.people[4], scan())
    with pytest.raises(errors.MandateRefused, match="本人"):
        db.write(mandates.record_mandate, desk, entries[4], hall.street.people[4], scan())
    firm = builders.make_person(hall.street.community_id, "物业", roles=(Role.PROPERTY,))
    with pytest.raises(errors.MandateRefused, match="物业"):
        db.write(mandates.record_mandate, desk, entries[4], firm, scan())
    stranger = builders.make_person(make_street(0, "lanting").community_id, "外人")
    with pytest.raises(errors.MandateRefused, match="登记"):
        db.write(mandates.record_mandate, desk, entries[4], stranger, scan())
    with during(hall.street, hall.poll_id):
        with pytest.raises(errors.MandateNotFound):
            db.write(mandates.vote_by_mandate, desk, entries[3], YES)
        db.write(mandates.vote_by_mandate, desk, entries[0], YES)
        db.write(mandates.vote_by_mandate, desk, entries[0], NO)
        db.write(deliberation.cast_ballot, hall.street.voter(0), hall.poll_id, YES)
        with pytest.raises(OtherBallotCounts):
            db.write(mandates.vote_by_mandate, desk, entries[0], NO)
        db.write(deliberation.cast_ballot, hall.street.voter(3), hall.poll_id, YES)
        with pytest.raises(errors.VotedInPerson):
            db.write(mandates.record_mandate, desk, entries[3], hall.street.people[4], scan())
    with db.read() as session:
        told = notices.inbox(session, hall.street.community_id, hall.street.people[0])
        assert any("委托" in each.title for each in told.messages)
    assert decide(hall.street, hall.poll_id).winners == (1,)


def test_a_call_says_what_was_agreed_and_can_be_replaced() -> None:
    hall = make_hall()
    entry, desk = hall.entries()[0], hall.clerks[0]
    with during(hall.street, hall.poll_id):
        for words, called_at in ((" ", clock.now()), ("同意", clock.now() + timedelta(minutes=1))):
            with pytest.raises(errors.BadCall):
                db.write(mandates.vote_by_phone, desk, entry, YES, called_at, words)
        db.write(mandates.vote_by_phone, desk, entry, YES, clock.now(), "念给本人听，本人说赞成")
        with pytest.raises(NotAllowed):
            db.write(
                mandates.vote_by_phone, hall.street.voter(1), entry, NO, clock.now(), "本人说反对"
            )
        db.write(deliberation.cast_ballot, hall.street.voter(0), hall.poll_id, NO)
    with db.read() as session:
        assert session.scalar(select(Ballot.origin)) == deliberation.Origin.WEB
        told = notices.inbox(session, hall.street.community_id, hall.street.people[0])
        assert any("代您投了票" in each.title for each in told.messages)


def test_a_logged_return_is_never_taken_back() -> None:
    hall = make_hall()
    code = hall.codes()[0]

    def take_back(session: Session, actor: Actor) -> None:
        db.statements(session).run(
            "UPDATE ballot_paper SET returned_at = NULL WHERE community_id = ? AND code = ?",
            (actor.community_id, code),
        )

    with during(hall.street, hall.poll_id):
        db.write(service.log_return, hall.clerks[0], code)
        with pytest.raises(REFUSED, match="keeps its code"):
            db.write(take_back, hall.clerks[0])


def test_names_of_witnesses() -> None:
    assert witnesses_in("邓华、方敏， 邓华") == ("邓华", "方敏")
