"""The encrypted envelope: k of n open it, fewer do not, and nothing in it can be changed."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.sealing import errors
from community.sealing.rules import envelope, shamir
from community.sealing.rules.header import Binding, canonical, check_binding, split
from tests.sealing import vectors

pytestmark = pytest.mark.once
BID = b'{"price_fen":9500000}'
KEYS = [vectors.key_of(f"opener {each}") for each in range(5)]
BINDING = Binding("ab" * 16, "tender:5", "bid:12", 3, tuple(map(envelope.public_of, KEYS)))
SEALED = envelope.seal(BID, BINDING)
HEADER, CIPHERTEXT = split(SEALED.envelope)
SHARES = {place: envelope.open_share(HEADER, place, key) for place, key in enumerate(KEYS, 1)}


def test_every_three_of_five_open_and_no_two_do() -> None:
    for places in itertools.combinations(SHARES, 3):
        key = envelope.find_key(HEADER, {each: SHARES[each] for each in places})
        assert key is not None
        assert envelope.open_envelope(SEALED.envelope, key).content == BID
    for pair in itertools.combinations(SHARES, 2):
        assert envelope.find_key(HEADER, {each: SHARES[each] for each in pair}) is None
        guess = shamir.combine({each: SHARES[each] for each in pair})
        assert not envelope.is_key(HEADER, guess)


def test_the_owner_opens_it_alone() -> None:
    inside = envelope.open_envelope(SEALED.envelope, SEALED.key)
    assert inside.content == BID
    assert envelope.wrong_places(HEADER, SEALED.key, inside) == ()


def test_another_person_reads_no_share() -> None:
    for place in range(1, 6):
        with pytest.raises(errors.EnvelopeUnreadable):
            envelope.open_share(HEADER, place, KEYS[place % 5])


def test_a_wrong_share_is_told_from_a_right_one() -> None:
    assert all(envelope.is_share(HEADER, place, share) for place, share in SHARES.items())
    assert not envelope.is_share(HEADER, 1, SHARES[2])
    assert not envelope.is_share(HEADER, 1, bytes(32))


def test_fewer_shares_tell_nothing() -> None:
    """For any two shares every key is possible: the third that would give it exists."""
    secret, other = vectors.drawn("one"), vectors.drawn("two")
    coefficients = vectors.drawn("coefficients", 64)
    two = {place: shamir.share_of(secret, coefficients, place) for place in (1, 2)}
    # The polynomial through (0, other) and the two shares, at 3.
    third = bytes(
        shamir.combine(
            {0 ^ 3: other[at : at + 1], 1 ^ 3: two[1][at : at + 1], 2 ^ 3: two[2][at : at + 1]}
        )[0]
        for at in range(32)
    )
    assert shamir.combine({**two, 3: third}) == other


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(2, 6), st.integers(0, 4), st.data())
def test_any_k_shares_give_the_secret(
    secret: bytes, k: int, more: int, data: st.DataObject
) -> None:
    coefficients = data.draw(st.binary(min_size=32 * (k - 1), max_size=32 * (k - 1)))
    places = data.draw(st.permutations(range(1, k + more + 1)))[:k]
    shares = {place: shamir.share_of(secret, coefficients, place) for place in places}
    assert shamir.combine(shares) == secret


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(SEALED.envelope) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(at: int, by: int) -> None:
    changed = bytearray(SEALED.envelope)
    changed[at] ^= by
    with pytest.raises(errors.EnvelopeUnreadable):
        envelope.open_envelope(bytes(changed), SEALED.key)


@pytest.mark.parametrize(
    "other",
    [
        replace(BINDING, owner="bid:13"),
        replace(BINDING, subject="tender:6"),
        replace(BINDING, token="cd" * 16),
        replace(BINDING, k=2),
        replace(BINDING, openers=BINDING.openers[::-1]),
    ],
)
def test_a_copy_for_somebody_else_is_refused_and_reads_nothing(other: Binding) -> None:
    with pytest.raises(errors.EnvelopeForeign):
        check_binding(HEADER, other)
    copied = replace(HEADER, binding=other).prefix() + CIPHERTEXT
    with pytest.raises(errors.EnvelopeUnreadable):
        envelope.open_envelope(copied, SEALED.key)
    with pytest.raises(errors.EnvelopeUnreadable):
        envelope.open_share(split(copied)[0], 1, KEYS[0])


def test_there_is_no_second_key() -> None:
    """AES-GCM alone would let one ciphertext open to two bids under two keys."""
    other = envelope.seal(b"another bid", BINDING)
    mixed = replace(HEADER, key_check=split(other.envelope)[0].key_check)
    assert not envelope.is_key(HEADER, other.key)
    with pytest.raises(errors.EnvelopeUnreadable):
        envelope.open_envelope(mixed.prefix() + CIPHERTEXT, SEALED.key)


def test_an_owner_who_seals_a_wrong_share_is_found_out() -> None:
    chance = envelope.Chance(coefficients=vectors.drawn("c", 64))
    cheat = envelope.Chance(vectors.drawn("other key"), chance.nonce, chance.ephemeral)
    good = split(envelope.seal(BID, BINDING, chance).envelope)[0]
    bad = envelope._seal_shares(replace(good, shares=()), cheat, chance.coefficients)
    header = replace(good, shares=(*good.shares[:4], bad[4]))
    inside = envelope.Inside(BID, vectors.scalar_of(chance.ephemeral), chance.coefficients)
    assert envelope.wrong_places(header, chance.key, inside) == (5,)
    assert envelope.wrong_places(good, chance.key, inside) == ()
    lying = replace(inside, ephemeral=vectors.drawn("another"))
    assert envelope.wrong_places(good, chance.key, lying) == (1, 2, 3, 4, 5)
    # His own hash fits the wrong share, so the opener is believed; the shares do not fit together.
    share = envelope.open_share(header, 5, KEYS[4])
    assert envelope.is_share(header, 5, share)
    right = {place: envelope.open_share(header, place, KEYS[place - 1]) for place in (1, 2)}
    assert envelope.find_key(header, {**right, 5: share}) is None
    three = envelope.open_share(header, 3, KEYS[2])
    assert envelope.find_key(header, {**right, 3: three, 5: share}) == chance.key


def test_the_length_tells_no_digits() -> None:
    lengths = {len(envelope.seal(b"9" * digits, BINDING).envelope) for digits in (1, 7, 4_000)}
    assert len(lengths) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        SEALED.envelope[:40],
        b"community-sealing/1\n" + (2).to_bytes(4, "big") + b"{}",
        b"community-sealing/1\n" + (9).to_bytes(4, "big") + b"[[[[[[[[[",
        b"community-sealing/1\n" + (2**31).to_bytes(4, "big") + b"{}",
        SEALED.envelope.replace(b'"k":3', b'"k":3.0', 1),
        SEALED.envelope.replace(b'"k":3', b'"k": 3', 1),
    ],
)
def test_what_is_no_envelope_is_refused(content: bytes) -> None:
    with pytest.raises(errors.EnvelopeUnreadable):
        split(content)


def test_an_envelope_has_one_form() -> None:
    """Else two differing files would be the same bid, and a copy would look new."""
    words = canonical({**HEADER.core(), "more": 1, "shares": []})
    with pytest.raises(errors.EnvelopeUnreadable):
        split(b"community-sealing/1\n" + len(words).to_bytes(4, "big") + words)


def test_the_vectors_are_the_published_ones() -> None:
    assert vectors.make_all() == vectors.read_all()
