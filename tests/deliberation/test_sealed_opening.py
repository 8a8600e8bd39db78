"""When openers are missing, late, or cannot read: what waits, what is invalid, what is given up."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from community import deliberation, sealing, transparency
from community.deliberation import PollState
from community.deliberation.errors import polls as poll_errors
from community.deliberation.errors import sealed as errors
from community.deliberation.queries import results
from community.deliberation.rules import sealed as rules
from community.deliberation.service.closing import (
    decide_due_polls,
)
from community.kernel import db
from community.kernel.errors import NotFound
from tests.deliberation.sealed import SealedPoll, make_sealed_poll
from tests.deliberation.voting import (
    YES,
    during,
    make_street,
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


def test_too_few_openers_leave_it_sealed_until_it_is_given_up() -> None:
    street = make_street(3)
    poll = make_sealed_poll(street)
    with during(street, poll.poll_id):
        poll.cast(0, YES)
    with poll.after():
        poll.close()
        poll.give(1)
        for act in (deliberation.void_poll, deliberation.open_incomplete):
            reason = ("来不及",) if act is deliberation.void_poll else ()
            with pytest.raises((errors.VoidTooEarly, errors.WaitForOpeners)):
                db.write(act, street.convener, poll.poll_id, *reason)
    with poll.after(rules.OPENING_TIME):
        seen = poll.view()
        assert (seen.may_void, seen.may_open_incomplete) == (True, False)
        with pytest.raises(errors.WaitForOpeners):
            db.write(deliberation.open_incomplete, street.convener, poll.poll_id)
        with pytest.raises(poll_errors.BadPollDraft):
            db.write(deliberation.void_poll, street.convener, poll.poll_id, " ")
        db.write(deliberation.void_poll, street.convener, poll.poll_id, "开启人没有到齐，另行表决")
        assert state_of(poll) is PollState.WITHDRAWN
        with pytest.raises(sealing.BoxStillSealed), db.read() as session:
            sealing.contents(session, poll.community_id, poll.box().id)
        with pytest.raises(NotFound):
            poll.give(2)
    assert told(poll, "poll.withdrawn")[0]["reason"] == "开启人没有到齐，另行表决"


def test_late_openers_may_still_come_after_the_day() -> None:
    street = make_street(2)
    poll = make_sealed_poll(street)
    with during(street, poll.poll_id):
        poll.cast(0, YES)
    with poll.after(rules.OPENING_TIME + DAY):
        poll.give(2)
        assert poll.give(3)
        with pytest.raises(errors.OpenedAlready):
            db.write(deliberation.void_poll, street.convener, poll.poll_id, "晚了")
        assert db.write(decide_due_polls, street.system) == 1


def test_what_some_cannot_read_waits_for_the_others() -> None:
    street = make_street(3)
    poll = make_sealed_poll(street, openers=3, needed=2)
    with during(street, poll.poll_id):
        poll.cast(0, YES)
        poll.cast(1, YES)
    with poll.after():
        poll.close()
        poll.give(1)
        assert not poll.give(2, denied=(0,))
        seen = poll.view()
        assert (seen.readable, seen.may_open_incomplete, seen.may_void) == (1, False, False)
        assert [each.denied for each in seen.openers] == [0, 1, 0]
        # The third could read it too: with two right shares nothing is invalid.
        assert poll.give(3)
        decided = db.write(deliberation.decide_poll, street.convener, poll.poll_id)
    assert decided.passed


def test_what_nobody_can_read_is_invalid_when_all_have_come_or_time_is_over() -> None:
    street = make_street(3)
    poll = make_sealed_poll(street, openers=3, needed=2)
    with during(street, poll.poll_id):
        poll.cast(0, YES)
        poll.cast(1, YES)
    with poll.after():
        poll.close()
        poll.give(1)
        poll.give(2, denied=(0,))
        with pytest.raises(errors.WaitForOpeners):
            db.write(deliberation.open_incomplete, street.convener, poll.poll_id)
        poll.give(3, denied=(0,))
        db.write(deliberation.open_incomplete, street.convener, poll.poll_id)
        db.write(deliberation.decide_poll, street.convener, poll.poll_id)
    assert told(poll, "poll.opened")[0]["invalid"] == [["unopened", 1]]
    with db.read() as session:
        assert results.get_result(session, street.convener, poll.poll_id).ballots == 2
