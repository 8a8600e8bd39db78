"""Witnesses: others' logs over HTTP on this machine, cosignatures on ours, and when one counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community import transparency
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.transparency import errors, queries, service
from community.transparency.rules import note
from community.transparency.rules.ed25519 import public_key_of, sign
from community.transparency.rules.merkle import BadProof
from community.transparency.service import witnessing
from tests.conftest import NOON
from tests.ledger.books import around
from tests.loopback import serve
from tests.transparency import logs
from tests.transparency.test_checks import loosen

LAPTOP = b"l" * 32


@pytest.fixture
def actor(database: Database) -> Actor:
    return logs.make_log(300)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Serve the site on a port of this machine."""
    with serve(app) as site:
        yield f"{site}/log/guihua"


def laptop_key() -> note.VerifierKey:
    return note.make_key("committee-laptop", public_key_of(LAPTOP), note.COSIGNATURE)


def cosigned(content: bytes, at: int = 1_795_000_000) -> bytes:
    read, key = note.read_note(content), laptop_key()
    signature = at.to_bytes(8, "big") + sign(LAPTOP, note.cosigned_bytes(read.text, at))
    line = note.Signature(key.name, key.key_id, signature)
    return note.write_note(read.text, [*read.signatures, line])


def watch(actor: Actor, address: str) -> None:
    with db.read() as session:
        (key,) = queries.verifier_keys(session, actor.community_id)
    db.write(witnessing.watch_log, Actor.system(0), address, key)


def test_a_witness_cosigns_what_continues(actor: Actor, address: str, client: FlaskClient) -> None:
    watch(actor, address)
    db.write(service.add_witness, actor, str(witnessing.witness_key()))
    db.write(transparency.checkpoint_now, actor)
    (first,) = witnessing.run_witness()
    assert (first.size, first.problem) == (301, "")
    logs.fill(actor, 400)
    with clock.fixed(NOON + timedelta(hours=1)):
        (second,) = witnessing.run_witness()
    assert (second.size, second.problem) == (701, "")
    served = client.get("/log/guihua/checkpoint").data
    said, signers = note.open_checkpoint(served, [witnessing.witness_key()])
    assert (said.size, len(signers)) == (701, 1)
    line = note.read_note(served).signatures[1]
    assert note.cosigned_at(line) == clock.micros(NOON + timedelta(hours=1)) // 1_000_000
    # Nothing new: the same cosignature once more does no harm.
    assert witnessing.run_witness() == (second,)
    assert "localhost/witness" in client.get("/log/guihua/witnesses").text


def test_a_rebuilt_log_is_not_cosigned(actor: Actor, address: str, database: Database) -> None:
    watch(actor, address)
    witnessing.run_witness()
    with around(database) as (at, session):
        loosen(at)
        at.run("DELETE FROM transparency_cosignature")
        at.run("DELETE FROM transparency_checkpoint")
        at.run("DELETE FROM transparency_tile")
        at.run("DELETE FROM transparency_leaf")
        at.run("UPDATE transparency_record SET content = ? WHERE id = 5", (b'{"at":1}',))
        transparency.seal_community(session, actor)
        found = transparency.latest_checkpoint(session, actor.community_id)
    assert found is not None
    # The same key signed another tree of the same size: what the witness kept tells.
    with db.read() as session:
        (log,) = queries.witnessed_logs(session)
        (key,) = queries.verifier_keys(session, actor.community_id)
    old = note.read_checkpoint(note.read_note(log.last_note or b"").text)
    new, _ = note.open_checkpoint(found.note, [note.read_key(key)])
    with pytest.raises(BadProof, match="differs"):
        witnessing.check_continues(address, old, new)


def test_a_fork_is_kept_as_evidence(
    actor: Actor, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(actor, address)
    witnessing.run_witness()
    logs.fill(actor, 20)

    def differs(*_: object) -> None:
        raise BadProof("the older tree has another root")

    monkeypatch.setattr(witnessing, "fetch_consistency", differs)
    (found,) = witnessing.run_witness()
    assert (found.size, found.is_fork) == (300, True)
    with db.read() as session:
        (log,) = queries.witnessed_logs(session)
    assert log.refused_at == NOON
    assert note.read_checkpoint(note.read_note(log.last_note or b"").text).size == 300


def test_unreachable_log_is_told(actor: Actor) -> None:
    watch(actor, "http://127.0.0.1:9/log/guihua")
    (found,) = witnessing.run_witness()
    assert found.size == 0
    assert "127.0.0.1:9" in found.problem
    assert not found.is_fork


def test_a_witness_never_signs_twice_what_it_kept(actor: Actor, address: str) -> None:
    watch(actor, address)
    witnessing.run_witness()
    for size in (299, 300):
        with pytest.raises(errors.WitnessedShrinks):
            db.write(witnessing.keep_witnessed, Actor.system(0), 1, size, b"x")


def test_the_laptops_cosignature_is_taken_and_served(actor: Actor, client: FlaskClient) -> None:
    db.write(service.add_witness, actor, str(laptop_key()))
    db.write(transparency.checkpoint_now, actor)
    content = cosigned(client.get("/log/guihua/checkpoint").data)
    for _ in range(2):
        assert client.post("/log/guihua/cosignature", data=content).status_code == 204
    served = client.get("/log/guihua/checkpoint").data
    assert served == content
    with db.read() as session:
        proof = transparency.proof_of(session, actor.community_id, 3)
    assert proof is not None
    assert proof.note == content


def test_quorum_says_when_a_checkpoint_counts(actor: Actor, client: FlaskClient) -> None:
    assert logs.latest(actor).counts
    with pytest.raises(errors.NotEnoughWitnesses):
        db.write(service.set_quorum, actor, 1)
    db.write(service.add_witness, actor, str(laptop_key()))
    db.write(service.set_quorum, actor, 1)
    db.write(transparency.checkpoint_now, actor)
    assert not logs.latest(actor).counts
    assert "见证人 0 / 1" in client.get("/log/guihua/").text
    db.write(service.keep_cosignature, actor, cosigned(logs.latest(actor).note))
    assert logs.latest(actor).counts
    assert logs.latest(actor).witnesses == ("committee-laptop",)
    assert "见证人 1 / 1" in client.get("/log/guihua/").text
    with db.read() as session:
        told = [each.fields for each in transparency.records_of(session, 1, "log.quorum")]
    assert [(each["needed"], each["witnesses"]) for each in told] == [
        (0, [str(laptop_key())]),
        (1, [str(laptop_key())]),
    ]


def test_bad_cosignatures_are_refused(actor: Actor, client: FlaskClient) -> None:
    content = client.get("/log/guihua/checkpoint").data
    stranger = client.post("/log/guihua/cosignature", data=cosigned(content))
    assert stranger.status_code == 422
    db.write(service.add_witness, actor, str(laptop_key()))
    read = note.read_note(cosigned(content))
    wrong = read.signatures[1]._replace(signature=bytes(72))
    forged = note.write_note(read.text, [read.signatures[0], wrong])
    assert client.post("/log/guihua/cosignature", data=forged).status_code == 422
    other = cosigned(content.replace(b"\n300\n", b"\n299\n"))
    assert client.post("/log/guihua/cosignature", data=other).status_code == 422
    assert client.post("/log/guihua/cosignature", data=b"x" * 70_000).status_code == 422
    assert logs.latest(actor).witnesses == ()


@pytest.mark.parametrize("key", ["", "a+b", "laptop+00000000+BAAA"])
def test_unusable_keys_are_refused(actor: Actor, key: str) -> None:
    with pytest.raises(errors.BadWitnessKey):
        db.write(service.add_witness, actor, key)
    with pytest.raises(errors.BadWitnessKey):
        db.write(witnessing.watch_log, Actor.system(0), "http://127.0.0.1/x", key)


def test_commands_of_a_witness(app: Flask, actor: Actor, address: str) -> None:
    run = app.test_cli_runner().invoke
    key = run(args=["witness", "key"]).output.strip()
    assert run(args=["witness", "trust", key, "--community", "guihua"]).output.strip() == key
    ours = run(args=["log", "keys", "--community", "guihua"]).output.strip()
    assert "将见证" in run(args=["witness", "add", address, ours]).output
    done = run(args=["witness", "run"])
    assert (done.exit_code, "已联署" in done.output) == (0, True)
    assert run(args=["witness", "quorum", "1", "--community", "guihua"]).output == "1\n"
    assert run(args=["witness", "quorum", "9", "--community", "guihua"]).exit_code == 1
