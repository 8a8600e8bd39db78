"""What both sides do to a fund in tests: keys, rules, payees, approvals."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, db, files
from community.kernel.actor import Actor
from community.trust_property.queries.budgets import Use, budget_standing
from community.trust_property.queries.fund import find_path, get_bank_account, get_fund
from community.trust_property.queries.matters import MatterView, get_matter
from community.trust_property.queries.payees import payees
from community.trust_property.queries.spending import RequestView, get_request
from community.trust_property.rules.budget import BudgetLine
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.policies import Basis, Terms
from community.trust_property.service.budgets import propose_budget
from community.trust_property.service.keys import register_key_holder
from community.trust_property.service.matters import Outcome, approve_matter
from community.trust_property.service.payees import PayeeDraft, propose_payee
from community.trust_property.service.policies import propose_rules
from community.trust_property.service.spending import RequestDraft, ask_spending
from community.trust_property.service.vouchers import Paper
from tests.scenes import kept
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
    settlement_fee_bp=200,
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


@kept
def working_scene(slug: str = "guihua") -> Scene:
    """Set a scene in which keys are held and rules in force."""
    scene = make_scene(slug)
    hold_keys(scene)
    set_rules(scene)
    return scene


def paper(title: str = "报价单", words: str = "电梯维修报价") -> Paper:
    """Take in a small PDF."""
    content = b"%PDF-1.4\n% " + words.encode() + b"\n%%EOF\n"
    return Paper(title, files.take_in(files.Upload(f"{title}.pdf", content), is_sealed=True))


def published(scene: Scene, kind: str) -> list[dict[str, Any]]:
    """Read the records of a kind that the community published, the oldest first."""
    sql = "SELECT content FROM transparency_record WHERE community_id = ? AND kind = ? ORDER BY id"
    with db.read() as session:
        rows = db.statements(session).all(sql, (scene.community_id, kind))
    return [json.loads(bytes(row[0])) for row in rows]


LINES = (
    BudgetLine("L01", "电梯维保", 100_000_00),
    BudgetLine("L02", "绿化", 30_000_00),
    BudgetLine("L03", "公共水电", 5_000),
)


def adopt(
    scene: Scene, lines: tuple[BudgetLine, ...] = LINES, year: int = 2026, reference: str = "决议"
) -> int:
    """Let both keys adopt a year's budget; tells the matter."""
    asked = (scene.fund_id, year, lines, reference, clock.today(), (paper("会议记录", reference),))
    made: int = db.write(propose_budget, scene.firm, *asked)
    agree(scene, made)
    return made


@kept
def spending_scene(slug: str = "guihua") -> tuple[Scene, int]:
    """Set a scene with a budget and a payee; tells the payee."""
    scene = working_scene(slug)
    adopt(scene)
    return scene, add_payee(scene)


def ask(scene: Scene, payee_id: int, fen: int = 8_600_00, **given: Any) -> int:
    """Let the firm ask for a lift repair, 8,600 yuan unless said otherwise."""
    facts: dict[str, Any] = {
        "line_code": "L01",
        "words": "3 号楼电梯主板维修",
        "quotes": (paper(),),
    }
    draft = RequestDraft(payee_id=payee_id, amount_fen=fen, **(facts | given))
    made: int = db.write(ask_spending, scene.firm, scene.fund_id, draft)
    return made


def request(scene: Scene, request_id: int) -> RequestView:
    """Load a request as the desk sees it."""
    with db.read() as session:
        return get_request(session, scene.firm, scene.fund_id, request_id)


def line(scene: Scene, code: str = "L01", year: int = 2026) -> Use:
    """Tell what has become of a budget line."""
    with db.read() as session:
        found = budget_standing(session, scene.firm, scene.fund_id, year)
    assert found is not None
    return next(each.use for each in found.lines if each.line.code == code)


def receive(scene: Scene, fen: int, day: date, key: str) -> None:
    """Let fees come into the bank account, as the books show them."""

    def post(session: Session, actor: Actor) -> None:
        fund = get_fund(session, actor, scene.fund_id)
        account = get_bank_account(session, actor, scene.fund_id, scene.bank_account_id)
        unidentified = find_path(session, actor, fund, "unidentified")
        assert unidentified is not None
        lines = (ledger.debit(account.account_id, fen), ledger.credit(unidentified, fen))
        ledger.post(
            session, actor, ledger.Posting(fund.book_id, lines, "trust.receipt", "", key, day)
        )

    db.write(post, Actor.system(scene.community_id))
