"""A voter's receipt: verify.py checks it offline, and finds the ballot in the published list."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from community import deliberation
from community.deliberation import Secrecy
from community.deliberation.queries.own_ballots import get_own_ballot, own_entries
from community.deliberation.queries.results import recount_file
from community.deliberation.queries.sealed import own_sealed_receipt
from community.deliberation.rules.polls import ballot_bytes, canonical
from community.deliberation.service.ballot_receipts import sign_receipt
from community.kernel import db
from community.transparency.queries import verifier_keys
from community.transparency.service import rotate_key
from tests.architecture import house
from tests.deliberation.sealed import make_sealed_poll
from tests.deliberation.voting import NO, YES, Street, decide, during, frozen, make_street

pytestmark = pytest.mark.usefixtures("database")
HOLDS, CHANGED, UNKNOWN = 0, 1, 2


def receipt_of(street: Street, poll_id: int, place: int) -> str:
    voter = street.voter(place)
    with db.read() as session:
        [entry] = own_entries(session, voter, poll_id)
        return get_own_ballot(session, voter, poll_id, entry.id).receipt


@pytest.mark.parametrize("reason", ["", '换灯泡的"钱"\\\n从哪里来'])
def test_a_ballot_is_committed_to_in_canonical_spelling(reason: str) -> None:
    said = {"ballot": [[1, -1], [12, 345]], "poll": 7, "tracker": "K7Q2"}
    wanted = canonical(said | ({"reason": reason} if reason else {}))
    assert ballot_bytes(7, "K7Q2", ((1, -1), (12, 345)), reason) == wanted


def test_a_receipt_given_at_once_is_the_one_given_later() -> None:
    street = make_street(2)
    poll_id = frozen(street)
    voter = street.voter(0)
    with during(street, poll_id):
        made = db.write(deliberation.cast_ballot, voter, poll_id, YES)
        at_once, later = (sign_receipt(voter, each) for each in (made, replace(made, kept=None)))
        assert at_once == later
        again = db.write(deliberation.cast_ballot, voter, poll_id, YES)
        assert (again.kept, sign_receipt(voter, again).note) == (None, later.note)
        # A key replaced between the commit and the signature: the old one has not signed in vain.
        db.write(rotate_key, street.system)
        assert sign_receipt(voter, made) == at_once
        assert sign_receipt(voter, again).note != at_once.note
    with db.read() as session:
        assert len(verifier_keys(session, street.community_id)) == 2


def verify(file: Path, key: str, *more: str) -> int:
    command = [sys.executable, "-I", "-S", str(house.ROOT / "static/verify.py"), "receipt"]
    done = subprocess.run(
        [*command, str(file), "--key", key, *more], capture_output=True, check=False
    )
    return done.returncode


@pytest.mark.parametrize("secrecy", list(Secrecy))
def test_a_receipt_holds_and_its_ballot_is_listed(secrecy: Secrecy, tmp_path: Path) -> None:
    street = make_street(2)
    poll_id = frozen(street, secrecy=secrecy)
    file, told, other = tmp_path / "mine.txt", tmp_path / "poll.json", tmp_path / "other.txt"
    with during(street, poll_id):
        db.write(deliberation.cast_ballot, street.voter(0), poll_id, NO)
        other.write_text(receipt_of(street, poll_id, 0), encoding="utf-8")
        db.write(deliberation.cast_ballot, street.voter(0), poll_id, YES)
        file.write_text(receipt_of(street, poll_id, 0), encoding="utf-8")
    decide(street, poll_id)
    with db.read() as session:
        [key] = verifier_keys(session, street.community_id)
        told.write_text(json.dumps(recount_file(session, street.system, poll_id)), encoding="utf-8")
    assert verify(file, key) == HOLDS
    assert verify(file, key, "--list", str(told)) == HOLDS
    # The ballot that was changed later is not in the list; one whose words were changed fails.
    assert verify(other, key, "--list", str(told)) == CHANGED
    lines = file.read_text(encoding="utf-8").split("\n")
    lines[1] = other.read_text(encoding="utf-8").split("\n")[1]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert verify(file, key) == CHANGED
    told.write_text("[]", encoding="utf-8")
    assert verify(other, key, "--list", str(told)) == CHANGED


def test_a_sealed_receipt_holds_and_its_envelope_is_listed(tmp_path: Path) -> None:
    poll = make_sealed_poll(make_street(2))
    file, told = tmp_path / "mine.txt", tmp_path / "poll.json"
    with during(poll.street, poll.poll_id):
        poll.cast(0, YES)
        with db.read() as session:
            voter, entry = poll.street.voter(0), poll.entry(0)
            receipt = own_sealed_receipt(session, voter, poll.poll_id, entry)
    file.write_text(receipt, encoding="utf-8")
    with poll.after():
        poll.close()
        poll.give(1)
        poll.give(2)
        db.write(deliberation.decide_poll, poll.street.convener, poll.poll_id)
    with db.read() as session:
        [key] = verifier_keys(session, poll.community_id)
        file_told = recount_file(session, poll.street.system, poll.poll_id)
    told.write_text(json.dumps(file_told), encoding="utf-8")
    assert verify(file, key) == HOLDS
    assert verify(file, key, "--list", str(told)) == HOLDS
    for name, other in (("envelopes", []), ("poll", poll.poll_id + 1)):
        told.write_text(json.dumps({**file_told, name: other}), encoding="utf-8")
        assert verify(file, key, "--list", str(told)) == CHANGED
    # A byte changed is no proof any more.
    lines = receipt.split("\n")
    lines[1] = lines[1][:-5] + ("A" if lines[1][-5] != "A" else "B") + lines[1][-4:]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert verify(file, key) == CHANGED
