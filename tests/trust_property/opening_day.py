"""What an office does on opening day: a draft, the bank's paper, both signatures."""

from __future__ import annotations

from datetime import date

from community import identity
from community.kernel import db, files
from community.trust_property.importing.balances import bank_facts
from community.trust_property.importing.reading import read_statement
from community.trust_property.queries.opening import OpeningView, get_opening
from community.trust_property.rules.opening import OpeningItem, OpeningKind
from community.trust_property.service.estate import take_units
from community.trust_property.service.opening import propose_opening
from community.trust_property.service.opening_drafts import (
    BankProof,
    add_opening_item,
    start_opening,
    state_bank_balance,
)
from tests.scenes import kept
from tests.trust_property.acts import agree, hold_keys
from tests.trust_property.scene import Scene, make_scene

DAY = date(2026, 10, 31)


def statement_file(closing: str = "125000.00", digits: str = "6688") -> bytes:
    """Write a bank's statement of October and early November, ending October with a balance."""
    fen = round(float(closing) * 100)
    rows = [
        "建设银行企业账户明细",
        f"账号：4367{digits},起始日期：2026-10-01,截止日期：2026-11-05",
        "交易日期,摘要,收入金额,支出金额,余额,对方户名",
        f"2026-10-12,物业费,3000.00,,{(fen + 50_000) / 100:.2f},王某",
        f"2026-10-30,保洁费,,500.00,{fen / 100:.2f},洁净保洁",
        f"2026-11-03,物业费,800.00,,{(fen + 80_000) / 100:.2f},李某",
    ]
    return "\n".join(rows).encode("gb18030")


def proof(content: bytes | None = None) -> BankProof:
    """Take a bank's statement in."""
    given = statement_file() if content is None else content
    ready = files.take_in(files.Upload("对账单.csv", given))
    return BankProof(ready, bank_facts(read_statement(given, "对账单.csv")))


@kept
def opening_scene(slug: str = "guihua") -> Scene:
    """Set a scene in which a draft of opening day is begun."""
    scene = make_scene(slug)
    hold_keys(scene)
    db.write(take_units, scene.staff, scene.fund_id)
    db.write(start_opening, scene.firm, scene.fund_id, DAY)
    return scene


def homes(scene: Scene) -> tuple[int, int]:
    """Tell the two units of the scene."""
    with db.read() as session:
        first, second = identity.units(session, scene.community_id)
    return first.id, second.id


def add(scene: Scene, kind: OpeningKind, fen: int, **given: object) -> int:
    """Add an item by hand."""
    item = OpeningItem(kind, fen, **given)  # type: ignore[arg-type]
    made: int = db.write(add_opening_item, scene.firm, scene.fund_id, item)
    return made


def fill(scene: Scene) -> None:
    """Enter everything an office has on opening day."""
    home, next_home = homes(scene)
    add(scene, OpeningKind.ARREARS, 25_365, unit_id=home, month=202609)
    add(scene, OpeningKind.ARREARS, 25_365, unit_id=home, month=202610)
    add(scene, OpeningKind.PREPAID, 100_000, unit_id=next_home)
    add(scene, OpeningKind.DEPOSIT, 200_000, unit_id=home, label="装修押金")
    add(scene, OpeningKind.AGENCY, 30_000, label="代收水费")
    add(scene, OpeningKind.CASH, 5_000)
    db.write(
        state_bank_balance, scene.firm, scene.fund_id, scene.bank_account_id, 12_500_000, proof()
    )


def open_fund(scene: Scene) -> int:
    """Let both sides sign; tells the matter."""
    made: int = db.write(propose_opening, scene.firm, scene.fund_id)
    agree(scene, made)
    return made


def opening(scene: Scene) -> OpeningView:
    """Load the opening as the desk sees it."""
    with db.read() as session:
        return get_opening(session, scene.firm, scene.fund_id)
