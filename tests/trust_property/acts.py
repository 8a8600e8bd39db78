"""What both sides do to a fund in tests: keys, rules, payees, approvals."""

from __future__ import annotations

import json
from typing import Any

from community.kernel import clock, db, files
from community.kernel.actor import Actor
from community.trust_property.queries.matters import MatterView, get_matter
from community.trust_property.queries.payees import payees
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.policies import Basis, Terms
from community.trust_property.service.keys import register_key_holder
from community.trust_property.service.matters import Outcome, approve_matter
from community.trust_property.service.payees import PayeeDraft, propose_payee
from community.trust_property.service.policies import propose_rules
from community.trust_property.service.vouchers import Paper
from tests.trust_property.scene import Scene, make_scene

TERMS = Terms(
    remuneration_bp=1_000,
    remuneration_basis=Basis.FEES_RECEIVED,
    remuneration_cap_fen=120_000_00,
    small_fen=500_00,
    two_keys_fen=10_000_00,
    vote_fen=50_000_00,
    quotes_needed=1,
    emergency_cap_fen=20_000_00,
    ratify_days=7,
    interim_bp=5_000,
    question_days=7,
    request_days=60,
    cooling_days=3,
)
LIFT = PayeeDraft(
    "迅达电梯维修部",
    "91310000607226889H",
    "迅达电梯维修部",
    "工商银行桂花支行",
    "6222 0210 0101 2345",
)


def hold_keys(scene: Scene) -> dict[str, int]:
    """Give both people of each side their key; tells the holdings by name."""
    given = {
        "firm": (KeySide.TRUSTEE, scene.firm),
        "second_firm": (KeySide.TRUSTEE, scene.second_firm),
        "committee": (KeySide.COMMITTEE, scene.committee),
        "second_committee": (KeySide.COMMITTEE, scene.second_committee),
    }
    return {
        name: db.write(
            register_key_holder, scene.staff, scene.fund_id, side, actor.person_id or 0, "任命书"
        )
        for name, (side, actor) in given.items()
    }


def matter(scene: Scene, matter_id: int) -> MatterView:
    """Load a matter as the committee sees it."""
    with db.read() as session:
        return get_matter(session, scene.committee, scene.fund_id, matter_id)


def agree(scene: Scene, matter_id: int, actor: Actor | None = None) -> Outcome:
    """Let a committee member turn the key on what is shown."""
    seen = matter(scene, matter_id).content_hash
    done: Outcome = db.write(
        approve_matter, actor or scene.committee, scene.fund_id, matter_id, seen
    )
    return done


def set_rules(scene: Scene, terms: Terms = TERMS) -> int:
    """Let both keys put rules in force from today; tells the matter."""
    made: int = db.write(
        propose_rules, scene.firm, scene.fund_id, terms, clock.today(), "业主大会决议 2026-1"
    )
    agree(scene, made)
    return made


def add_payee(scene: Scene, draft: PayeeDraft = LIFT) -> int:
    """Let both keys enter a payee; tells its id."""
    made: int = db.write(propose_payee, scene.firm, scene.fund_id, draft, "合同 2026-17")
    agree(scene, made)
    with db.read() as session:
        return next(
            each.id
            for each in payees(session, scene.firm, scene.fund_id)
            if each.name == draft.name
        )


def working_scene(slug: str = "guihua") -> Scene:
    """Set a scene in which keys are held and rules in force."""
    scene = make_scene(slug)
    hold_keys(scene)
    set_rules(scene)
    return scene


def paper(title: str = "报价单", words: str = "电梯维修报价") -> Paper:
    """Take in a small PDF."""
    content = b"%PDF-1.4\n% " + words.encode() + b"\n%%EOF\n"
    return Paper(title, files.take_in(files.Upload(f"{title}.pdf", content)))


def published(scene: Scene, kind: str) -> list[dict[str, Any]]:
    """Read the records of a kind that the community published, the oldest first."""
    sql = "SELECT content FROM transparency_record WHERE community_id = ? AND kind = ? ORDER BY id"
    with db.read() as session:
        rows = db.statements(session).all(sql, (scene.community_id, kind))
    return [json.loads(bytes(row[0])) for row in rows]
