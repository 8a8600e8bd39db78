"""Ballots sealed to k of n openers: cast blind, opened together, counted; what is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from community import deliberation, sealing, transparency
from community.deliberation import PollKind, PollState, Secrecy
from community.deliberation.cli.recount import recount_command
from community.deliberation.errors import polls as poll_errors
from community.deliberation.errors import sealed as errors
from community.deliberation.queries import own_ballots, results
from community.deliberation.queries import sealed as queries
from community.deliberation.rules import sealed as rules
from community.deliberation.rules.sealed import Said
from community.deliberation.service.closing import (
    close_due_polls,
    decide_due_polls,
    discard_withdrawn_boxes,
)
from community.deliberation.tallies.recounting import recount_told
from community.kernel import db
from community.kernel.errors import NotFound
from community.transparency.rules.ballots import read_ballot_receipt
from tests.deliberation.sealed import SealedPoll, make_openers, make_sealed_poll
from tests.deliberation.voting import (
    NO,
    YES,
    Street,
    draft,
    during,
    frozen,
    make_street,
    options,
    poll_of,
)

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


def state_of(poll: SealedPoll) -> PollState:
    return poll_of(poll.street, poll.poll_id).state


def told(poll: SealedPoll, kind: str) -> list[dict[str, Any]]:
    """Give the public log's records of a kind about a poll."""
    with db.read() as session:
        found = transparency.records_of(session, poll.community_id, kind)
        words = [json.loads(each.content) for each in found]
    return [each for each in words if each["poll"] == poll.poll_id]


def test_two_of_three_open_what_nobody_could_read() -> None:
    street = make_street(5)
    poll = make_sealed_poll(street, settings={"quorum_num": 4, "quorum_den": 5})
    with during(street, poll.poll_id):
        poll.cast(0, NO)
        first = poll.cast(0, YES)  # replaced until the closing
        second = poll.cast(1, NO)
        poll.cast(2, YES)
        poll.hand_in(3, b"no ballot at all")
    with poll.after():
        assert db.write(close_due_polls, street.system) == 1
        assert db.write(decide_due_polls, street.system) == 0
        with pytest.raises(errors.StillSealed):
            db.write(deliberation.decide_poll, street.convener, poll.poll_id)
        assert not poll.give(1)
        seen = poll.view()
        assert (seen.is_waiting, seen.ballots, seen.readable, seen.given) == (True, 4, 0, 1)
        assert poll.give(3)
        assert db.write(decide_due_polls, street.system) == 1
    with db.read() as session:
        result = results.get_result(session, street.convener, poll.poll_id)
        lines = results.ballot_lines(session, street.convener, poll.poll_id)
        file = results.recount_file(session, street.convener, poll.poll_id)
        turnout = deliberation.get_poll(session, street.community_id, poll.poll_id).heads
    assert result.outcome["totals"] == [[1, 2], [2, 1], [3, 0]]
    assert result.ballots == 4
    assert turnout == 5
    # Four of five took part, the invalid one among them: the quorum is met.
    assert [each["part"] for each in result.outcome["measures"] if each["name"] == "quorum"] == [4]
    said = {each.tracker: each for each in lines}
    assert said[first].pairs == YES
    assert said[second].pairs == NO
    assert [each.fault for each in lines if each.fault] == ["unreadable"]
    assert recount_told(file) == file["outcome"]
    assert told(poll, "poll.opened")[0]["invalid"] == [["unreadable", 1]]
    assert len(told(poll, "poll.opened")[0]["openers"]) == 2


def test_recount_command_counts_the_same(app: Any) -> None:
    street = make_street(3)
    poll = make_sealed_poll(street)
    with during(street, poll.poll_id):
        poll.cast(0, YES)
        poll.hand_in(1, b"{}")
    with poll.after():
        poll.close()
        poll.give(1)
        poll.give(2)
        db.write(deliberation.decide_poll, street.convener, poll.poll_id)
    answer = app.test_cli_runner().invoke(recount_command, [str(poll.poll_id)])
    assert answer.exit_code == 0, answer.output


def test_a_named_one_keeps_names_and_its_receipts_hold() -> None:
    street = make_street(3)
    poll = make_sealed_poll(street, secrecy=Secrecy.NAMED)
    with during(street, poll.poll_id):
        tracker = poll.cast(0, YES)
        poll.hand_in(1, rules.write_said(Said("0" * 16, ((9, 1),))))
        entry = poll.entry(0)
        with db.read() as session:
            voter = street.voter(0)
            receipt = queries.own_sealed_receipt(session, voter, poll.poll_id, entry)
            own = own_ballots.get_own_ballot(session, voter, poll.poll_id, entry)
            other = queries.own_sealed_receipt(session, street.voter(1), poll.poll_id, entry)
        assert own.pairs is None
        assert other == ""
    with poll.after():
        poll.close()
        poll.give(1)
        poll.give(2)
        db.write(deliberation.decide_poll, street.convener, poll.poll_id)
    with db.read() as session:
        lines = results.ballot_lines(session, street.convener, poll.poll_id)
        file = results.recount_file(session, street.convener, poll.poll_id)
        again = queries.own_sealed_receipt(session, street.voter(0), poll.poll_id, entry)
    assert [(each.number, each.tracker, each.fault) for each in lines if not each.fault] == [
        (1, tracker, "")
    ]
    assert [(each.number, each.fault) for each in lines if each.fault] == [(2, "unfit")]
    assert again == receipt
    assert recount_told(file) == file["outcome"]
    # The published salt opens the receipt's commitment to the envelope, whose hash stands beside.
    line = next(each for each in file["ballots"] if each[0] == tracker)
    content = rules.sealed_bytes(poll.poll_id, bytes.fromhex(line[7]))
    found = read_ballot_receipt(receipt.encode())
    assert (found.ballot, found.salt.hex()) == (content, line[6])
    assert line[7] in file["envelopes"]


def test_nothing_but_its_own_browser_casts() -> None:
    street = make_street(3)
    poll = make_sealed_poll(street)
    plain = frozen(street)
    entry = poll.entry(0)
    with during(street, poll.poll_id):
        with pytest.raises(errors.SealedHere):
            db.write(deliberation.cast_ballot, street.voter(0), poll.poll_id, YES)
        for origin in (deliberation.Origin.PHONE, deliberation.Origin.DESK):
            with pytest.raises(errors.SealedHere):
                db.write(deliberation.record_ballot, street.convener, entry, YES, origin)
        paper = deliberation.Origin.PAPER
        with pytest.raises(poll_errors.NoPaperHere):
            db.write(deliberation.record_ballot, street.convener, entry, YES, paper)
        sealed = poll.seal(0, b"x")
        with pytest.raises(errors.NotSealedHere):
            db.write(deliberation.cast_sealed, street.voter(0), plain, sealed)
        with pytest.raises(poll_errors.NotOnRoll):
            db.write(deliberation.cast_sealed, street.convener, poll.poll_id, sealed)
        with pytest.raises(sealing.EnvelopeForeign):  # a neighbour's, copied
            db.write(deliberation.cast_sealed, street.voter(1), poll.poll_id, sealed)
        with pytest.raises(sealing.EnvelopeUnreadable):
            db.write(deliberation.cast_sealed, street.voter(0), poll.poll_id, b"1:1")
        for wrong in (b"", bytes(rules.MOST_ENVELOPE + 1)):
            with pytest.raises(errors.EnvelopeMissing):
                db.write(deliberation.cast_sealed, street.voter(0), poll.poll_id, wrong)
        with db.read() as session, pytest.raises(poll_errors.NotOnRoll):
            queries.own_binding(session, street.voter(1), poll.poll_id, entry)
    elsewhere = make_street(1, "tongfu")
    with during(street, poll.poll_id), pytest.raises(poll_errors.PollNotFound):
        db.write(deliberation.cast_sealed, elsewhere.voter(0), poll.poll_id, sealed)


def test_hours_are_judged_under_the_lock_and_the_same_again_is_one() -> None:
    street = make_street(2)
    poll = make_sealed_poll(street)
    sealed = poll.seal(0, rules.write_said(Said("A" * 16, YES)))
    voter = street.voter(0)
    with pytest.raises(poll_errors.NotOpenYet):
        db.write(deliberation.cast_sealed, voter, poll.poll_id, sealed)
    with during(street, poll.poll_id):
        first = db.write(deliberation.cast_sealed, voter, poll.poll_id, sealed)
        again = db.write(deliberation.cast_sealed, voter, poll.poll_id, sealed)
        assert (again.number, again.salt, again.digest) == (first.number, first.salt, first.digest)
    with poll.after(), pytest.raises(poll_errors.AlreadyClosed):
        db.write(deliberation.cast_sealed, voter, poll.poll_id, sealed)
    later = poll_of(street, poll.poll_id).closes_at + DAY
    with during(street, poll.poll_id):
        db.write(deliberation.extend_poll, street.convener, poll.poll_id, later)
        assert poll.box().times.deadline == later


def test_an_opener_who_comes_before_the_clock_closes_the_poll() -> None:
    street = make_street(2)
    poll = make_sealed_poll(street)
    with during(street, poll.poll_id):
        poll.cast(0, YES)
    with poll.after():
        assert not poll.give(1)
        assert state_of(poll) is PollState.CLOSED
        assert poll.give(2)
        assert db.write(decide_due_polls, street.system) == 1


def test_nobody_voted_needs_no_opener() -> None:
    street = make_street(2)
    poll = make_sealed_poll(street)
    with poll.after():
        poll.close()
        assert db.write(decide_due_polls, street.system) == 1
    assert poll_of(street, poll.poll_id).has_result


def test_a_borrowed_tracker_hides_nothing() -> None:
    street = make_street(3)
    poll = make_sealed_poll(street)
    with during(street, poll.poll_id):
        tracker = poll.cast(0, YES)
        poll.cast(1, NO, tracker=tracker)
    with poll.after():
        poll.close()
        poll.give(1)
        poll.give(2)
        db.write(deliberation.decide_poll, street.convener, poll.poll_id)
    with db.read() as session:
        lines = results.ballot_lines(session, street.convener, poll.poll_id)
    assert {(each.tracker, each.pairs) for each in lines} == {
        (f"{tracker}-1", YES),
        (f"{tracker}-2", NO),
    }


def test_withdrawn_while_open_leaves_no_content() -> None:
    street = make_street(2)
    poll = make_sealed_poll(street)
    with during(street, poll.poll_id):
        poll.cast(0, YES)
        db.write(deliberation.withdraw_poll, street.convener, poll.poll_id, "题目写错了")
        with db.read() as session:
            for table in ("sealing_content", "sealed_ballot"):
                counted = text(f"SELECT COUNT(*) FROM {table}")
                assert session.scalar(counted) == 0
    with poll.after():
        assert db.write(discard_withdrawn_boxes, street.system) == 1
        assert db.write(discard_withdrawn_boxes, street.system) == 0


def test_drafts_that_cannot_be_sealed() -> None:
    street = make_street(3)
    people = tuple(person for person, _ in make_openers(street, 3))

    def refused(kind: PollKind = PollKind.YES_NO, needed: Any = 2, **changes: Any) -> None:
        settings = {"openers_needed": needed, **changes.pop("settings", {})}
        told = {"kind": kind, "openers": people, "settings": settings, **changes}
        with pytest.raises((poll_errors.BadPollDraft, NotFound)):
            db.write(deliberation.draft_poll, street.convener, draft(street, **told))

    refused(PollKind.RANKED, options=options("甲", "乙"))
    refused(settings={"has_paper": True})
    refused(needed=1)
    refused(needed=4)
    refused(needed=True)
    refused(needed=0)
    refused(openers=(*people, people[0]))
    refused(openers=())
    refused(openers=(people[0], 10**9))
    keyless = (*people[:2], street.people[0])
    told = {"openers": keyless, "settings": {"openers_needed": 2}}
    with pytest.raises(errors.OpenerWithoutKey):
        frozen(street, **told)


def test_a_roll_too_long_to_open_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("community.deliberation.service.sealed.MOST_HEADS", 2)
    with pytest.raises(errors.RollTooLong):
        make_sealed_poll(make_street(3))


@pytest.mark.parametrize(
    "content",
    [
        b"\xff",
        b"[]",
        b"{}",
        b'{"pairs":[[1,1]],"reason":"","tracker":"short"}',
        b'{"pairs":[[true,1]],"reason":"","tracker":"AAAAAAAAAAAAAAAA"}',
        b'{"pairs":[[1]],"reason":"","tracker":"AAAAAAAAAAAAAAAA"}',
        b'{"pairs":7,"reason":"","tracker":"AAAAAAAAAAAAAAAA"}',
        b'{"pairs":[],"reason":"\\u0000","tracker":"AAAAAAAAAAAAAAAA"}',
        b'{"pairs":[],"reason":7,"tracker":"AAAAAAAAAAAAAAAA"}',
        b'{"pairs":[],"reason":"","tracker":"AAAAAAAAAAAAAAAA","more":1}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_ballot_is_read_as_none(content: bytes) -> None:
    assert rules.read_said(content) is None


def test_rows_refuse_what_no_command_does() -> None:
    street = make_street(2)
    poll = make_sealed_poll(street)
    refused = (
        # A readable choice before the opening.
        "UPDATE ballot SET pairs = '[[1,1]]'",
        "DELETE FROM sealed_ballot",
        "DELETE FROM poll_opener",
        "INSERT INTO invalid_ballot SELECT community_id, id, 'X', 'unfit', NULL FROM poll",
    )
    with during(street, poll.poll_id):
        poll.cast(0, YES)
        for statement in refused:
            with pytest.raises(Exception, match=r"takes no|kept|keeps|listed"):
                _go_around(street, statement)
    with poll.after():
        poll.close()
        poll.give(1)
        with pytest.raises(Exception, match="append-only"):
            _go_around(street, "DELETE FROM sealing_key_share")
        poll.give(2)


def _go_around(street: Street, statement: str) -> None:
    def run(session: Any, actor: Any) -> None:
        session.execute(text(statement))

    db.write(run, street.system)
