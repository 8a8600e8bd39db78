"""Signed notes, checkpoints and Ed25519: published vectors, and each strictness on its own."""

import time
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from community.transparency.rules import ed25519, note
from community.transparency.rules.note import BadNote, Checkpoint, Signature
from tests.transparency.vectors import FOLDER, needs_vectors, read_json

pytestmark = pytest.mark.once

SEED = bytes(range(32))
NAME = "example.org/log/A1"
TEXT = "example.org/log/A1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
CASES: list[dict[str, Any]] = read_json("signed_note.json")["cases"] if FOLDER.is_dir() else []


@needs_vectors
def test_there_are_13_note_cases() -> None:
    assert len(CASES) == 13


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["desc"]))
def test_note_case(case: dict[str, Any]) -> None:
    keys = [note.read_key(one) for one in case["vkeys"]]
    if case["ok"]:
        _, signers = note.open_note(case["note"].encode(), keys)
        assert [one.name for one in signers] == case["verified"]
    else:
        with pytest.raises(BadNote, match=case["error"]):
            note.open_note(case["note"].encode(), keys)


def test_a_note_that_is_not_utf8_is_malformed() -> None:
    with pytest.raises(BadNote, match="malformed note"):
        note.read_note(b"\xff text\n\n" + "— a AAAAAAA=\n".encode())


def sign_as(kind: int, at: int = 0) -> tuple[note.VerifierKey, bytes]:
    key = note.make_key(NAME, ed25519.public_key_of(SEED), kind)
    if kind == note.ED25519:
        signature = ed25519.sign(SEED, TEXT.encode())
    else:
        signature = at.to_bytes(8, "big") + ed25519.sign(SEED, note.cosigned_bytes(TEXT, at))
    return key, note.write_note(TEXT, [Signature(NAME, key.key_id, signature)])


@pytest.mark.parametrize("kind", [note.ED25519, note.COSIGNATURE])
def test_a_checkpoint_signed_by_us_opens_with_its_key_alone(kind: int) -> None:
    key, content = sign_as(kind, at=1_700_000_000)
    assert note.read_key(str(key)) == key
    checkpoint, signers = note.open_checkpoint(content, [key])
    assert checkpoint == Checkpoint(
        NAME, 0, bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    )
    assert signers == (key,)
    other = note.make_key(NAME, ed25519.public_key_of(bytes(32)), kind)
    with pytest.raises(BadNote, match="no verifiable"):
        note.open_checkpoint(content, [other])


def test_a_cosignature_with_another_time_does_not_hold() -> None:
    key, content = sign_as(note.COSIGNATURE, at=1_700_000_000)
    [line] = note.read_note(content).signatures
    assert note.cosigned_at(line) == 1_700_000_000
    moved = line._replace(signature=(1).to_bytes(8, "big") + line.signature[8:])
    assert note.holds(key, TEXT, line)
    assert not note.holds(key, TEXT, moved)


@pytest.mark.parametrize(
    "text",
    [
        "a\n0\n",
        "a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n9223372036854775808\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
        "a\n1\nAAAA\n",
        "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n",
        "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        note.read_checkpoint(text)


def test_a_checkpoint_reads_as_it_was_written() -> None:
    written = Checkpoint("a", 7, bytes(32), ("x 1", "y"))
    assert note.read_checkpoint(note.write_checkpoint(written)) == written


@pytest.mark.parametrize("text", ["", "a+b", "a b+00000000+AQ==", "a+00000000+AQ=="])
def test_what_is_not_a_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        note.read_key(text)


@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=200))
@settings(max_examples=25, deadline=None)
def test_signatures_agree_with_another_implementation(seed: bytes, message: bytes) -> None:
    theirs = Ed25519PrivateKey.from_private_bytes(seed)
    public_key = theirs.public_key().public_bytes_raw()
    assert ed25519.public_key_of(seed) == public_key
    signature = ed25519.sign(seed, message)
    assert signature == theirs.sign(message)
    assert ed25519.is_signed(public_key, message, signature)


@given(place=st.integers(0, 8 * 96 - 1))
@settings(max_examples=60, deadline=None)
def test_any_flipped_bit_is_refused_as_by_another_implementation(place: int) -> None:
    whole = bytearray(ed25519.public_key_of(SEED) + ed25519.sign(SEED, b"text"))
    whole[place // 8] ^= 1 << place % 8
    assert not ed25519.is_signed(bytes(whole[:32]), b"text", bytes(whole[32:]))
    with pytest.raises((InvalidSignature, ValueError)):
        Ed25519PublicKey.from_public_bytes(bytes(whole[:32])).verify(bytes(whole[32:]), b"text")


def test_a_second_spelling_of_a_signature_is_refused() -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    signature = ed25519.sign(SEED, b"text")
    answer = int.from_bytes(signature[32:], "little") + order
    respelt = signature[:32] + answer.to_bytes(32, "little")
    assert not ed25519.is_signed(ed25519.public_key_of(SEED), b"text", respelt)


@pytest.mark.parametrize(
    "key", [(2**255 - 19).to_bytes(32, "little"), b"\x01" + bytes(30) + b"\x80"]
)
def test_a_second_spelling_of_a_key_is_refused(key: bytes) -> None:
    assert not ed25519.is_signed(key, b"text", bytes([1]) + bytes(63))


def test_a_signature_takes_ten_milliseconds_at_most() -> None:
    public_key, signature = ed25519.public_key_of(SEED), ed25519.sign(SEED, b"text")
    began = time.process_time()
    for _ in range(20):
        assert ed25519.is_signed(public_key, b"text", signature)
    assert (time.process_time() - began) / 20 < 0.010
