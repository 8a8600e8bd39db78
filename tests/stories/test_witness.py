"""The committee's laptop keeps the last checkpoint and cosigns what continues from it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from community.transparency.rules import note
from community.transparency.rules.audit.program import main
from community.transparency.rules.paper import read_paper
from tests.stories.test_verify import forged
from tests.transparency import logs


def test_laptop_cosigns_only_what_continues(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    actor = logs.make_log(300)
    folder, address = str(tmp_path / "witness"), f"{site}/log/guihua"
    assert main(["witness", folder, "--name", "committee.example"]) == 0
    own = note.read_key(capsys.readouterr().out.split()[-1])
    assert (tmp_path / "witness/witness.key").stat().st_mode & 0o77 == 0
    assert main(["witness", folder, "--name", "committee.example"]) == 2
    words = ["witness", folder, address, "--key", logs.proof(actor, 1).verifier_key]
    name = hashlib.sha256(b"localhost/log/guihua").hexdigest()[:16]
    kept = tmp_path / "witness" / f"{name}.checkpoint"
    for size in (300, 310):
        assert main(words) == 0
        said, signers = note.open_checkpoint(kept.read_bytes(), [own])
        assert (said.size, signers) == (size, (own,))
        logs.fill(actor, 10)
    kept.write_bytes(read_paper(forged(actor, 305, bytes(32))).note())
    capsys.readouterr()
    assert main(words) == 1
    assert "the log was rewritten" in capsys.readouterr().out
    assert note.read_checkpoint(note.read_note(kept.read_bytes()).text).size == 305


def test_log_is_verified_from_its_address(site: str) -> None:
    actor = logs.make_log(300)
    key = logs.proof(actor, 1).verifier_key
    assert main(["log", f"{site}/log/guihua", "--key", key]) == 0
    assert main(["log", f"{site}/log/nowhere", "--key", key]) == 2
