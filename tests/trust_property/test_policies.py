"""Rules change only by two keys, the ledger's own policy with them; the hash covers all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property.errors.keys import NoKey
from community.trust_property.errors.matters import (
    BackDated,
    MatterClosed,
    MatterNotFound,
    MatterOpen,
    NothingChanged,
    ReasonMissing,
    RulesMissing,
    TermsUnclear,
)
from community.trust_property.queries.fund import get_fund
from community.trust_property.queries.policies import get_terms, rule_versions
from community.trust_property.rules.matters import MatterState
from community.trust_property.rules.policies import Terms
from community.trust_property.service.matters import (
    approve_matter,
    reject_matter,
    withdraw_matter,
)
from community.trust_property.service.policies import propose_rules
from tests.conftest import NOON
from tests.trust_property.acts import (
    TERMS,
    agree,
    hold_keys,
    matter,
    paper,
    published,
    set_rules,
    working_scene,
)
from tests.trust_property.scene import Scene, make_scene


def propose(scene: Scene, terms: Terms = TERMS, days: int = 0, actor: Actor | None = None) -> int:
    day = clock.today() + timedelta(days=days)
    made: int = db.write(propose_rules, actor or scene.firm, scene.fund_id, terms, day, "决议 1")
    return made


def keys_for(scene: Scene, fen: int) -> int:
    with db.read() as session:
        fund = get_fund(session, scene.staff, scene.fund_id)
        return ledger.keys_needed(session, scene.community_id, fund.book_id, "trust.spend", fen)


def terms_of(scene: Scene) -> Terms:
    with db.read() as session:
        return get_terms(session, scene.community_id, scene.fund_id)


def test_approved_rules_are_the_books_own_policy_too(database: Database) -> None:
    scene = make_scene()
    hold_keys(scene)
    with pytest.raises(RulesMissing):
        terms_of(scene)
    assert keys_for(scene, 1) == 1
    set_rules(scene)
    assert terms_of(scene) == TERMS
    found = [keys_for(scene, fen) for fen in (500_00, 500_01, 10_000_00, 10_000_01)]
    assert found == [0, 1, 1, 2]
    assert published(scene, "trust.rule")[0]["small_fen"] == 500_00


def test_rules_wait_for_their_day(database: Database) -> None:
    scene = working_scene()
    looser = replace(TERMS, small_fen=900_00)
    agree(scene, propose(scene, looser, days=3))
    assert (terms_of(scene), keys_for(scene, 800_00)) == (TERMS, 1)
    with clock.fixed(NOON + timedelta(days=3)):
        assert (terms_of(scene), keys_for(scene, 800_00)) == (looser, 0)
    with db.read() as session:
        assert len(rule_versions(session, scene.staff, scene.fund_id)) == 2


def test_neither_side_sets_rules_alone(database: Database) -> None:
    scene = make_scene()
    hold_keys(scene)
    with pytest.raises(NotAllowed):
        propose(scene, actor=scene.committee)
    made = propose(scene)
    seen = matter(scene, made).content_hash
    for actor in (scene.firm, scene.owner, scene.auditor, scene.staff):
        with pytest.raises(NotAllowed):
            db.write(approve_matter, actor, scene.fund_id, made, seen)
    assert matter(scene, made).state is MatterState.OPEN


def test_a_key_binds_to_what_was_shown(database: Database) -> None:
    scene = make_scene()
    hold_keys(scene)
    made = propose(scene)
    for wrong in ("00" * 32, "no hash"):
        with pytest.raises(ledger.ProposalChanged):
            db.write(approve_matter, scene.committee, scene.fund_id, made, wrong)
    first = matter(scene, made).content_hash
    db.write(withdraw_matter, scene.second_firm, scene.fund_id, made, "金额写错")
    again = propose(scene, replace(TERMS, emergency_cap_fen=30_000_00))
    assert matter(scene, again).content_hash != first
    with pytest.raises(MatterClosed):
        db.write(approve_matter, scene.committee, scene.fund_id, made, first)


def test_rules_that_contradict_themselves_are_refused(database: Database) -> None:
    scene = make_scene()
    hold_keys(scene)
    for wrong in (
        replace(TERMS, two_keys_fen=500_00),
        replace(TERMS, vote_fen=100_00),
        replace(TERMS, remuneration_bp=10_001),
        replace(TERMS, ratify_days=0),
    ):
        with pytest.raises(TermsUnclear):
            propose(scene, wrong)
    with pytest.raises(BackDated):
        propose(scene, days=-1)


def test_the_same_rules_are_no_change_and_wait_once(database: Database) -> None:
    scene = working_scene()
    with pytest.raises(NothingChanged):
        propose(scene)
    propose(scene, replace(TERMS, quotes_needed=3))
    with pytest.raises(MatterOpen):
        propose(scene, replace(TERMS, quotes_needed=2))


def test_a_refusal_says_why_and_changes_nothing(database: Database) -> None:
    scene = working_scene()
    made = propose(scene, replace(TERMS, quotes_needed=3))
    with pytest.raises(ReasonMissing):
        db.write(reject_matter, scene.committee, scene.fund_id, made, " ")
    db.write(reject_matter, scene.committee, scene.fund_id, made, "没有表决过")
    shown = matter(scene, made)
    assert (shown.state, shown.reason, shown.closed_by) == (
        MatterState.REJECTED,
        "没有表决过",
        "赵国华",
    )
    assert terms_of(scene) == TERMS


def test_papers_are_inside_the_hash(database: Database) -> None:
    scene = make_scene()
    hold_keys(scene)
    day = clock.today()
    with_paper = db.write(
        propose_rules, scene.firm, scene.fund_id, TERMS, day, "决议 1", (paper(),)
    )
    shown = matter(scene, with_paper)
    db.write(withdraw_matter, scene.firm, scene.fund_id, with_paper, "换文件")
    other = db.write(
        propose_rules, scene.firm, scene.fund_id, TERMS, day, "决议 1", (paper(words="改过"),)
    )
    assert shown.papers[0].title == "报价单"
    assert shown.content_hash != matter(scene, other).content_hash


def test_another_communitys_matter_is_not_found(database: Database) -> None:
    scene, other = working_scene(), make_scene("yulan")
    hold_keys(other)
    made = propose(other)
    with pytest.raises(MatterNotFound):
        db.write(approve_matter, scene.committee, scene.fund_id, made, "00" * 32)
    with pytest.raises(NoKey):
        db.write(
            propose_rules,
            replace(scene.firm, person_id=scene.owner.person_id),
            scene.fund_id,
            TERMS,
            clock.today(),
            "决议",
        )
