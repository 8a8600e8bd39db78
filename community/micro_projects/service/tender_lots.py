"""Lots of a tender or a call: the list is published first, the seed nobody can know yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.lots import SHORTEST_SEED, hash_candidates
from community.micro_projects.errors.panels import (
    LotDrawn,
    LotNoCheckpoint,
    LotNotFound,
    LotSeedKnown,
    LotSeedNotYet,
    LotSeedWanted,
)
from community.micro_projects.models import TenderLot, TenderLotLine
from community.micro_projects.rules.panels import LotPurpose, SeedSource, is_surprise

LISTED, DRAWN = "panel.list", "panel.lot"
LONGEST_SEED = 200

transparency.name_kinds({LISTED: N_("评审抽签名单公布"), DRAWN: N_("评审抽签结果")})


@dataclass(frozen=True, slots=True)
class SeedPlan:
    """Where the seed will come from, in words, and when it will be known."""

    source: SeedSource
    at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line of the list, and whom or what it stands for."""

    line: str
    person_id: int | None = None
    bid_id: int | None = None


def publish_list(
    session: Session,
    actor: Actor,
    tender_id: int | None,
    purpose: LotPurpose,
    lines: Sequence[ListedLine],
    plan: SeedPlan,
    seats: tuple[int, int] = (1, 0),
    barred: Mapping[str, int] | None = None,
    *,
    call_id: int | None = None,
) -> TenderLot:
    """Freeze a list and publish its hash together with the seed's source and moment.

    A lot is of a tender, or of a call.

    Raises: LotSeedKnown, LotSeedWanted.
    """
    if not is_surprise(plan.at, clock.now()):
        raise LotSeedKnown
    if plan.source is SeedSource.LOTTERY and not plan.words:
        raise LotSeedWanted
    row = TenderLot(
        community_id=actor.community_id,
        tender_id=tender_id,
        call_id=call_id,
        purpose=purpose,
        number=1 if tender_id is None else _next_number(session, actor, tender_id, purpose),
        seats=seats[0],
        experts=seats[1],
        candidates=len(lines),
        barred=dict(barred or {}),
        list_hash=hash_candidates([each.line for each in lines]),
        listed_at=clock.now(),
        listed_by=actor.person_id,
        seed_source=plan.source,
        seed_words=plan.words,
        seed_at=plan.at,
    )
    row.record_id = _tell_listed(session, row)
    session.add(row)
    session.flush()
    _write_lines(session, row, lines)
    return row


def _write_lines(session: Session, row: TenderLot, lines: Sequence[ListedLine]) -> None:
    for each in lines:
        session.add(
            TenderLotLine(
                community_id=row.community_id,
                lot_id=row.id,
                line=each.line,
                person_id=each.person_id,
                bid_id=each.bid_id,
            )
        )
    session.flush()


def _next_number(session: Session, actor: Actor, tender_id: int, purpose: LotPurpose) -> int:
    before = session.scalar(
        select(func.count()).where(
            TenderLot.community_id == actor.community_id,
            TenderLot.tender_id == tender_id,
            TenderLot.purpose == purpose,
        )
    )
    return 1 + (before or 0)


def _tell_listed(session: Session, row: TenderLot) -> int:
    told = {
        **_whose(row),
        "purpose": row.purpose.value,
        "number": row.number,
        "list_hash": row.list_hash,
        "lines": row.candidates,
        "seats": row.seats,
        "experts": row.experts,
        "barred": row.barred,
        "seed_source": row.seed_source.value,
        "seed_words": row.seed_words,
        "seed_at": row.seed_at.isoformat(),
    }
    subject = row.tender_id or row.call_id
    return transparency.publish(session, row.community_id, LISTED, told, subject)


def _whose(lot: TenderLot) -> dict[str, int | None]:
    return {"tender": lot.tender_id} if lot.call_id is None else {"call": lot.call_id}


def claim_seed(session: Session, actor: Actor, lot: TenderLot, number: str) -> str:
    """Find the announced seed and write it down, once; gives it.

    A checkpoint of the log is read, never typed; `number` is what the announced lottery drew.
    Raises: LotSeedNotYet, LotNoCheckpoint, LotSeedWanted, LotDrawn.
    """
    if lot.drawn_at is not None:
        raise LotDrawn
    now = clock.now()
    if now < lot.seed_at:
        raise LotSeedNotYet(at=lot.seed_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M"))
    if lot.seed_source is SeedSource.CHECKPOINT:
        found = transparency.checkpoint_since(session, lot.community_id, lot.seed_at)
        if found is None:
            raise LotNoCheckpoint
        seed = found.root.hex()
    elif SHORTEST_SEED <= len(number.encode()) <= LONGEST_SEED:
        seed = number
    else:
        raise LotSeedWanted
    done = session.execute(
        update(TenderLot)
        .where(TenderLot.id == lot.id, TenderLot.drawn_at.is_(None))
        .values(seed=seed, drawn_at=now)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise LotDrawn
    session.refresh(lot)
    return seed


def tell_drawn(session: Session, lot: TenderLot, number: int, drawn: Sequence[str]) -> None:
    """Publish what a lot's round drew, by its lines."""
    told = {
        **_whose(lot),
        "purpose": lot.purpose.value,
        "number": lot.number,
        "round": number,
        "list_hash": lot.list_hash,
        "seed": lot.seed,
        "drawn": list(drawn),
    }
    subject = lot.tender_id or lot.call_id
    transparency.publish(session, lot.community_id, DRAWN, told, subject)


def load_lot(session: Session, actor: Actor, lot_id: int) -> TenderLot:
    """Load a lot for a command.

    Raises: LotNotFound.
    """
    row = session.get(TenderLot, lot_id)
    if row is None or row.community_id != actor.community_id:
        raise LotNotFound
    return row


def lines_of(session: Session, lot: TenderLot) -> list[TenderLotLine]:
    """Load a lot's lines."""
    rows = session.scalars(
        select(TenderLotLine)
        .where(TenderLotLine.community_id == lot.community_id, TenderLotLine.lot_id == lot.id)
        .order_by(TenderLotLine.line)
    )
    return list(rows)
