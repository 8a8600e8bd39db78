"""A poll on its way: drafted, posted, frozen, cast, closed, decided."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community import deliberation
from community.deliberation import Origin, PollKind, PollState, Secrecy
from community.deliberation.errors.polls import (
    AlreadyClosed,
    BadChoice,
    NotClosedYet,
    NotOnRoll,
    NotOpenYet,
    OpensTooSoon,
    OtherBallotCounts,
    PaperWaits,
    PollNotFound,
    WrongPollState,
)
from community.deliberation.queries.counting import published_ballots, recount
from community.deliberation.service import ballots, mandates
from community.kernel import clock, db
from community.kernel.errors import NotAllowed
from tests import builders
from tests.conftest import is_postgres
from tests.deliberation.voting import (
    ABSTAIN,
    NO,
    YES,
    decide,
    draft,
    during,
    entries_of,
    frozen,
    make_street,
    options,
    poll_of,
)

pytestmark = pytest.mark.usefixtures("database")


def test_a_poll_goes_its_whole_way() -> None:
    street = make_street(4)
    poll_id = frozen(street)
    assert poll_of(street, poll_id).state is PollState.FROZEN
    with during(street, poll_id):
        assert poll_of(street, poll_id).state is PollState.OPEN
        for number, pairs in enumerate((YES, YES, NO)):
            db.write(deliberation.cast_ballot, street.voter(number), poll_id, pairs)
    decided = decide(street, poll_id)
    assert decided.passed is True
    assert decided.winners == (1,)
    with db.read() as session:
        outcome, is_same = recount(session, street.community_id, poll_id)
        lines = published_ballots(session, street.community_id, poll_id)
    assert is_same
    assert outcome["totals"] == [[1, 2], [2, 1], [3, 0]]
    assert sorted(line[1] for line in lines) == [[[1, 1]], [[1, 1]], [[2, 1]]]
    assert sorted(line[3] for line in lines) == [1, 2, 3]


def test_a_ballot_changes_until_closing_and_counts_once() -> None:
    street = make_street(1)
    poll_id = frozen(street)
    with during(street, poll_id):
        first = db.write(deliberation.cast_ballot, street.voter(0), poll_id, YES)
        again = db.write(deliberation.cast_ballot, street.voter(0), poll_id, YES)
        changed = db.write(deliberation.cast_ballot, street.voter(0), poll_id, NO)
    assert again.tracker == first.tracker
    assert changed.tracker != first.tracker
    assert changed.is_change
    assert decide(street, poll_id).passed is False


def test_only_in_its_hours() -> None:
    street = make_street(1)
    poll_id = frozen(street)
    voter = street.voter(0)
    poll = poll_of(street, poll_id)
    with pytest.raises(NotOpenYet):
        db.write(deliberation.cast_ballot, voter, poll_id, YES)
    with clock.fixed(poll.closes_at - timedelta(microseconds=1)):
        db.write(deliberation.cast_ballot, voter, poll_id, YES)
        with pytest.raises(NotClosedYet):
            db.write(deliberation.close_poll, street.system, poll_id)
    with clock.fixed(poll.closes_at), pytest.raises(AlreadyClosed):
        db.write(deliberation.cast_ballot, voter, poll_id, NO)
    decide(street, poll_id)
    with pytest.raises(AlreadyClosed):
        db.write(deliberation.cast_ballot, voter, poll_id, NO)


def test_outsiders_and_neighbours_have_no_vote() -> None:
    street = make_street(1)
    poll_id = frozen(street)
    member = builders.make_person(street.community_id, "不在名册")
    there = make_street(1, "there")
    with during(street, poll_id):
        with pytest.raises(NotOnRoll):
            db.write(deliberation.cast_ballot, street.actor(member), poll_id, YES)
        with pytest.raises(PollNotFound):
            db.write(deliberation.cast_ballot, there.voter(0), poll_id, YES)
        with pytest.raises(NotAllowed):
            db.write(deliberation.draft_poll, street.voter(0), draft(street))


def test_a_ballot_must_fit_its_question() -> None:
    street = make_street(1)
    poll_id = frozen(street)
    single = frozen(street, kind=PollKind.SINGLE, options=options("东门", "西门"))
    with during(street, poll_id):
        for pairs in (((4, 1),), ((1, 2),), ((1, 1), (2, 1)), ()):
            with pytest.raises(BadChoice):
                db.write(deliberation.cast_ballot, street.voter(0), poll_id, pairs)
        with pytest.raises(BadChoice):
            db.write(deliberation.cast_ballot, street.voter(0), single, ABSTAIN)


def test_what_is_frozen_stays() -> None:
    street = make_street(1)
    poll_id = frozen(street)
    with pytest.raises(WrongPollState):
        db.write(deliberation.post_roll, street.convener, poll_id)
    with pytest.raises(WrongPollState):
        db.write(deliberation.freeze_poll, street.convener, poll_id)
    late = db.write(deliberation.draft_poll, street.convener, draft(street))
    db.write(deliberation.post_roll, street.convener, late)
    with clock.fixed(clock.now() + timedelta(hours=2)), pytest.raises(OpensTooSoon):
        db.write(deliberation.freeze_poll, street.convener, late)


def test_a_secret_poll_keeps_only_that_somebody_voted() -> None:
    street = make_street(5)
    poll_id = frozen(street, secrecy=Secrecy.SECRET)
    with during(street, poll_id):
        receipts = [
            db.write(deliberation.cast_ballot, street.voter(number), poll_id, pairs)
            for number, pairs in enumerate((YES, NO, ABSTAIN, YES))
        ]
    assert decide(street, poll_id).passed is False  # half of those present is not more than half
    with db.read() as session:
        lines = published_ballots(session, street.community_id, poll_id)
    assert {line[0]: line[1] for line in lines} == {
        each.tracker: [list(pair) for pair in each.pairs] for each in receipts
    }
    assert [line[0] for line in lines] == sorted(each.tracker for each in receipts)


def test_paper_waits_for_the_witnessed_count() -> None:
    street = make_street(3)
    poll_id = frozen(street, settings={"has_paper": True})
    entries = entries_of(street, poll_id)
    desk = street.convener
    with during(street, poll_id) as closes_at:
        db.write(deliberation.cast_ballot, street.voter(0), poll_id, YES)
        db.write(mandates.vote_by_phone, desk, entries[1], YES, clock.now(), "念给本人听，同意赞成")
        with pytest.raises(PaperWaits):
            db.write(deliberation.record_ballot, desk, entries[2], NO, Origin.CITY)
    with clock.fixed(closes_at):
        db.write(deliberation.close_poll, street.system, poll_id)
        with pytest.raises(OtherBallotCounts):
            db.write(deliberation.record_ballot, desk, entries[0], NO, Origin.CITY)
        db.write(deliberation.record_ballot, desk, entries[2], NO, Origin.CITY)
        db.write(deliberation.decide_poll, desk, poll_id)
    with db.read() as session:
        outcome, is_same = recount(session, street.community_id, poll_id)
    assert is_same
    assert outcome["totals"] == [[1, 2], [2, 1], [3, 0]]


def test_home_lists_what_waits_for_ones_ballot() -> None:
    street = make_street(2)
    poll_id = frozen(street)
    frozen(street, people=(street.people[1],), title="别人的表决")

    def waiting(number: int) -> list[int]:
        with db.read() as session:
            found = deliberation.polls_to_cast(session, street.voter(number))
        return [each.id for each in found]

    assert waiting(0) == []
    with during(street, poll_id):
        assert waiting(0) == [poll_id]
        assert len(waiting(1)) == 2
        db.write(deliberation.cast_ballot, street.voter(0), poll_id, YES)
        assert waiting(0) == []
    with clock.fixed(poll_of(street, poll_id).closes_at):
        assert waiting(1) == []


@pytest.mark.skipif(is_postgres(), reason="PostgreSQL plans by how many rows there are")
def test_casting_never_walks_the_roll() -> None:
    with db.glance() as at:
        plan = at.all(f"EXPLAIN QUERY PLAN {ballots._MINE}", (1, 1, 1))
    steps = " ".join(step[3] for step in plan)
    assert "SEARCH e USING INDEX ix_roll_entry_community_id_voter_id" in steps
    assert "voter_id=? AND poll_id=?" in steps
    assert "SCAN" not in steps
