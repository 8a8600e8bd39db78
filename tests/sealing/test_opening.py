"""Opening encrypted envelopes: by k openers, by their owners, and when neither comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from community import sealing
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, NotFound
from community.sealing import errors
from community.sealing.models import Opening, Share
from community.sealing.rules import envelope
from community.sealing.rules.header import split
from tests import builders
from tests.sealing.scene import (
    GRANTS,
    MICROSECOND,
    Scene,
    go_around,
    make_box,
    make_keys,
    make_sealed_box,
    public_of,
)

pytestmark = pytest.mark.usefixtures("database")
BIDS = {"bid:1": b"95000", "bid:2": b"88000", "bid:3": b"88001"}


def with_bids(**terms: int) -> tuple[Scene, dict[str, envelope.Sealed]]:
    """Give a box into which three bidders handed in what they sealed."""
    scene = make_sealed_box(**terms)
    made = {owner: scene.seal(owner, content) for owner, content in BIDS.items()}
    for owner, sealed in made.items():
        scene.put(owner, sealed.envelope)
    return scene, made


def envelope_of(scene: Scene, owner: str) -> int:
    [found] = [each.id for each in scene.trace(owner) if each.ended_at is None]
    return found


def read(scene: Scene) -> dict[str, tuple[bytes | None, str]]:
    return {each.owner: (each.content, each.how.value) for each in scene.contents()}


def open_yourself(scene: Scene, owner: str, key: bytes) -> bool:
    actor = Actor(scene.community_id, None, grants=GRANTS)
    done: bool = db.write(sealing.open_yourself, actor, envelope_of(scene, owner), key)
    return done


def test_three_of_five_open_everything_at_one_moment() -> None:
    scene, _ = with_bids()
    with clock.fixed(scene.deadline):
        assert not scene.give(1)
        assert not scene.give(4)
        with pytest.raises(errors.BoxStillSealed):
            scene.contents()
        assert scene.give(5)
        found = read(scene)
    assert found == {owner: (content, "openers") for owner, content in BIDS.items()}
    given = [each.place for each in scene.view().openers if each.given_at is not None]
    assert given == [1, 4, 5]


def test_no_share_is_taken_before_the_deadline() -> None:
    scene, _ = with_bids()
    with clock.fixed(scene.deadline - MICROSECOND), pytest.raises(errors.BoxStillTaking):
        scene.give(1)


def test_giving_again_changes_nothing_and_another_share_is_refused() -> None:
    scene, _ = with_bids()
    with clock.fixed(scene.deadline):
        scene.give(1)
        assert not scene.give(1)
        nothing = tuple(replace(each, share=None) for each in scene.shares(1))
        with pytest.raises(errors.SharesGiven):
            db.write(sealing.give_shares, scene.opener(1), scene.box_id, nothing)


def test_a_wrong_share_is_named_and_nothing_is_kept() -> None:
    scene, _ = with_bids()
    with clock.fixed(scene.deadline):
        first, *rest = scene.shares(1)
        wrong = (*rest, replace(first, share=bytes(32)))
        with pytest.raises(errors.ShareWrong) as refused:
            db.write(sealing.give_shares, scene.opener(1), scene.box_id, wrong)
        with db.read() as session:
            assert session.scalar(select(func.count()).select_from(Share)) == 0
    assert refused.value.facts == {"number": 1}


def test_the_share_of_another_place_is_refused() -> None:
    scene, _ = with_bids()
    with clock.fixed(scene.deadline), pytest.raises(errors.ShareWrong):
        db.write(sealing.give_shares, scene.opener(2), scene.box_id, scene.shares(1))


def test_only_an_opener_in_person_gives_shares() -> None:
    scene, _ = with_bids()
    neighbour = builders.make_person(scene.community_id, "邻居")
    with clock.fixed(scene.deadline):
        shares = scene.shares(1)
        for actor, reason in (
            (Actor(scene.community_id, neighbour, grants=GRANTS), errors.NotAnOpener),
            (replace(scene.opener(1), grants=frozenset()), NotAllowed),
            (replace(scene.opener(1), community_id=scene.community_id + 1), NotFound),
        ):
            with pytest.raises(reason):
                db.write(sealing.give_shares, actor, scene.box_id, shares)


def test_one_envelope_may_be_opened_by_its_owner() -> None:
    """Three openers came, but for one envelope two only: its owner opens it, unseen by others."""
    scene, made = with_bids()
    late = envelope_of(scene, "bid:3")
    with clock.fixed(scene.deadline):
        for place in (1, 2, 3):
            shares = tuple(
                replace(each, share=None) if each.envelope_id == late and place == 3 else each
                for each in scene.shares(place)
            )
            db.write(sealing.give_shares, scene.opener(place), scene.box_id, shares)
        with pytest.raises(errors.SharesAwaited):
            db.write(sealing.unseal_box, scene.system, scene.box_id)
        with pytest.raises(errors.BoxStillSealed):
            scene.contents()
        assert open_yourself(scene, "bid:3", made["bid:3"].key)
        found = read(scene)
    assert found["bid:3"] == (BIDS["bid:3"], "owner")
    assert found["bid:1"] == (BIDS["bid:1"], "openers")


def test_without_enough_openers_owners_open_until_the_stated_end() -> None:
    scene, made = with_bids()
    until = scene.view().times.self_until
    assert until == scene.deadline + timedelta(hours=24)
    with clock.fixed(scene.deadline):
        scene.give(1)
        assert not open_yourself(scene, "bid:1", made["bid:1"].key)
        with pytest.raises(errors.EnvelopeOpenedAlready):
            open_yourself(scene, "bid:1", made["bid:1"].key)
    with clock.fixed(until - MICROSECOND):
        assert not open_yourself(scene, "bid:2", made["bid:2"].key)
    with clock.fixed(until):
        with pytest.raises(errors.SelfOpeningOver):
            open_yourself(scene, "bid:3", made["bid:3"].key)
        db.write(sealing.unseal_box, scene.system, scene.box_id)
        assert read(scene) == {
            "bid:1": (BIDS["bid:1"], "owner"),
            "bid:2": (BIDS["bid:2"], "owner"),
            "bid:3": (None, "unopened"),
        }
        with pytest.raises(errors.BoxOpenedAlready):
            scene.give(2)


def test_another_key_opens_nothing() -> None:
    scene, made = with_bids()
    with clock.fixed(scene.deadline):
        for key in (made["bid:2"].key, bytes(32), b""):
            with pytest.raises(errors.KeyWrong):
                open_yourself(scene, "bid:1", key)
    with clock.fixed(scene.deadline - MICROSECOND), pytest.raises(errors.BoxStillTaking):
        open_yourself(scene, "bid:1", made["bid:1"].key)


def test_too_few_envelopes_take_no_shares() -> None:
    scene, _ = with_bids(least=4)
    with clock.fixed(scene.deadline), pytest.raises(errors.TooFewEnvelopes):
        scene.give(1)


def test_a_given_up_box_takes_no_shares() -> None:
    scene, _ = with_bids()
    with clock.fixed(scene.deadline):
        shares = scene.shares(1)
        db.write(sealing.discard_box, scene.system, scene.box_id)
        with pytest.raises(errors.BoxDiscarded):
            db.write(sealing.give_shares, scene.opener(1), scene.box_id, shares)


def test_a_plain_box_knows_no_shares() -> None:
    scene = make_box()
    person = builders.make_person(scene.community_id)
    actor = Actor(scene.community_id, person, grants=GRANTS)
    with clock.fixed(scene.deadline), pytest.raises(errors.WrongLevel):
        db.write(sealing.give_shares, actor, scene.box_id, ())


def test_what_an_owner_sealed_badly_is_named() -> None:
    """It is the owner's key, but the ciphertext is spoilt: no content, and the box opens."""
    scene = make_sealed_box()
    sealed = scene.seal("bid:1", b"95000")
    scene.put("bid:1", sealed.envelope[:-1] + bytes([sealed.envelope[-1] ^ 1]))
    with clock.fixed(scene.deadline):
        for place in (1, 2, 3):
            scene.give(place)
        assert read(scene) == {"bid:1": (None, "openers")}


# --- copies ---------------------------------------------------------------------------------------


def test_a_copied_envelope_is_refused() -> None:
    scene = make_sealed_box()
    sealed = scene.seal("bid:1", b"95000")
    scene.put("bid:1", sealed.envelope)
    with pytest.raises(errors.EnvelopeCopied):
        scene.put("bid:2", sealed.envelope)
    # Named anew for the copier: the ciphertext gives it away.
    header, ciphertext = split(sealed.envelope)
    mine = replace(header, binding=replace(header.binding, owner="bid:2")).prefix()
    with pytest.raises(errors.EnvelopeCopied):
        scene.put("bid:2", mine + ciphertext)


def test_a_copy_of_a_replaced_or_withdrawn_envelope_is_refused_too() -> None:
    scene = make_sealed_box()
    first = scene.seal("bid:1", b"95000").envelope
    scene.put("bid:1", first)
    scene.put("bid:1", scene.seal("bid:1", b"94000").envelope)
    db.write(sealing.withdraw_envelope, scene.system, scene.box_id, "bid:1")
    with pytest.raises(errors.EnvelopeCopied):
        scene.put("bid:2", first)
    assert scene.put("bid:1", first).envelope_id == envelope_of(scene, "bid:1")


def test_a_copy_in_another_box_is_refused() -> None:
    scene = make_sealed_box()
    sealed = scene.seal("bid:1", b"95000").envelope
    keys = tuple(zip(scene.people, map(public_of, scene.private), strict=True))
    other = db.write(
        sealing.open_box, scene.system, "trial:6", sealing.BoxLevel.L2, scene.deadline, keys, 3
    )
    with pytest.raises(errors.EnvelopeForeign):
        db.write(sealing.put_envelope, scene.system, other, "bid:1", sealed)
    scene.put("bid:1", sealed)
    with pytest.raises(errors.EnvelopeCopied):
        db.write(sealing.put_envelope, scene.system, other, "bid:1", sealed)


@pytest.mark.parametrize("content", [b"a bid in clear", b"community-sealing/1\n\0\0\0\2{}"])
def test_an_encrypted_box_takes_no_clear_words(content: bytes) -> None:
    with pytest.raises(errors.EnvelopeUnreadable):
        make_sealed_box().put("bid:1", content)


def test_the_database_refuses_a_copy_and_early_shares() -> None:
    scene, _ = with_bids()
    number = envelope_of(scene, "bid:1")
    copy = (
        "INSERT INTO sealing_envelope (id, community_id, box_id, owner, received_at, commitment,"
        f" ciphertext_hash) SELECT id + 1, community_id, box_id, 'bid:9', received_at, commitment,"
        f" ciphertext_hash FROM sealing_envelope WHERE id = {number}"
    )
    with pytest.raises(IntegrityError, match="copied"):
        go_around(copy)
    early = {"community_id": scene.community_id, "envelope_id": number, "given_at": clock.now()}
    with pytest.raises(IntegrityError, match="after the deadline"):
        builders.add(Share, **early, place=1, share=bytes(32))
    with pytest.raises(IntegrityError, match="after the deadline"):
        builders.add(Opening, **early, how=sealing.HowOpened.OWNER, envelope_key=bytes(32))


# --- openers and their keys -----------------------------------------------------------------------


def test_a_new_key_takes_the_place_of_the_old_one() -> None:
    scene = make_sealed_box()
    [(person, first)] = make_keys(scene.community_id, 1)
    with db.read() as session:
        found = sealing.find_opener_key(session, scene.community_id, person)
        assert found is not None
        assert found.public_key == public_of(first)
    actor = Actor(scene.community_id, person, grants=GRANTS)
    second = public_of(envelope.Chance().ephemeral)
    made = db.write(sealing.register_key, actor, second)
    assert db.write(sealing.register_key, actor, second) == made
    with pytest.raises(errors.KeyTaken):
        db.write(sealing.register_key, actor, public_of(first))
    with db.read() as session:
        history = sealing.opener_key_history(session, scene.community_id)
    assert [each.replaced_at is None for each in history if each.person_id == person] == [
        True,
        False,
    ]


def test_a_box_keeps_the_key_it_was_opened_with() -> None:
    scene, _ = with_bids()
    db.write(sealing.register_key, scene.opener(1), public_of(envelope.Chance().ephemeral))
    with clock.fixed(scene.deadline):
        assert not scene.give(1)


def test_two_people_cannot_have_one_key() -> None:
    community_id = builders.make_community()
    [(_, key), (other, _)] = make_keys(community_id, 2)
    with pytest.raises(errors.KeyTaken):
        db.write(sealing.register_key, Actor(community_id, other, grants=GRANTS), public_of(key))


@pytest.mark.parametrize("point", [b"", bytes(65), b"\x04" + bytes(64), b"\x02" + bytes(32)])
def test_only_a_point_of_the_curve_is_a_key(point: bytes) -> None:
    community_id = builders.make_community()
    person = builders.make_person(community_id)
    with pytest.raises(errors.KeyUnreadable):
        db.write(sealing.register_key, Actor(community_id, person, grants=GRANTS), point)


def test_nobody_registers_a_key_for_somebody_else() -> None:
    community_id = builders.make_community()
    person = builders.make_person(community_id)
    key = public_of(envelope.Chance().ephemeral)
    for actor in (
        Actor.system(community_id),
        Actor(community_id, person),
    ):
        with pytest.raises(NotAllowed):
            db.write(sealing.register_key, actor, key)


@pytest.mark.parametrize(("openers", "k"), [(1, 1), (3, 1), (3, 4), (0, 0)])
def test_an_encrypted_box_needs_at_least_two_openers(openers: int, k: int) -> None:
    with pytest.raises(errors.OpenersWrong):
        make_sealed_box(openers, k)


def test_openers_need_registered_keys_of_their_own() -> None:
    community_id = builders.make_community()
    keys = [(person, public_of(key)) for person, key in make_keys(community_id, 2)]
    ends = clock.now() + timedelta(days=1)
    told = (Actor.system(community_id), "trial:9", sealing.BoxLevel.L2, ends)
    swapped = ((keys[0][0], keys[1][1]), (keys[1][0], keys[0][1]))
    with pytest.raises(errors.KeyNotRegistered):
        db.write(sealing.open_box, *told, swapped, 2)
    with pytest.raises(errors.OpenersWrong):
        db.write(sealing.open_box, *told, (keys[0], keys[0]), 2)
    with pytest.raises(errors.OpenersUnwanted):
        db.write(sealing.open_box, told[0], told[1], sealing.BoxLevel.L1, ends, tuple(keys), 2)


def test_a_persons_keys_are_shown_moved_and_ended() -> None:
    scene, _ = with_bids()
    person = scene.people[0]
    with db.read() as session:
        told = sealing.export_person(session, scene.community_id, person)
    assert told["opener_of"] == ["trial:5"]
    assert len(told["opener_keys"]) == 1
    kept = builders.make_person(scene.community_id, "本人")
    db.write(sealing.merge_person, scene.system, kept, person)
    moved = replace(scene, people=(kept, *scene.people[1:]))
    with clock.fixed(scene.deadline):
        assert not moved.give(1)
    db.write(sealing.erase_person, scene.system, kept)
    with db.read() as session:
        assert sealing.find_opener_key(session, scene.community_id, kept) is None
