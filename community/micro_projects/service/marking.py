"""A member's own sheet: marks kept as they come, signed once; no other eye until all signed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.errors.panels import (
    MarkOutOfRange,
    SeatLeft,
    SeatNotFound,
    SheetIncomplete,
)
from community.micro_projects.events import ScoresChanged
from community.micro_projects.models import PanelSeat, ScoreMark, ScoreSheet
from community.micro_projects.queries.panels import pair_of
from community.micro_projects.rules.panels import SeatState
from community.micro_projects.rules.scores import write_marks
from community.micro_projects.service.judged import Judged, take_seat, told_sheets

SIGNED, SCORES = "panel.signed", "panel.scores"
SALT_LENGTH = 16

transparency.name_kinds({SIGNED: N_("评委签字（评分保密）"), SCORES: N_("评委评分公开")})


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark for a bid, or an application of a call, on a criterion; in hundredths of a point."""

    judged_id: int
    criterion_id: int
    hundredths: int


def keep_marks(session: Session, actor: Actor, seat_id: int, marks: Sequence[Mark]) -> None:
    """Keep one's own marks until they are signed; they may be changed until then.

    Raises: SeatNotFound, SeatLeft, NotEvaluating, ReviewOpen, MarkOutOfRange; of a call
    ScreeningOpen, JuryIncomplete, PitchNotYet.
    """
    actor.check(permissions.SCORE.code)
    seat = _own_seat(session, actor, seat_id)
    judged = take_seat(session, actor, seat)
    for each in marks:
        scale = judged.scales.get(each.criterion_id)
        if scale is None or each.judged_id not in judged.entries:
            raise SeatNotFound
        if not 0 <= each.hundredths <= scale.most:
            raise MarkOutOfRange(title=scale.title, most=_points(scale.most))
    for each in marks:
        _keep(session, seat, each)


def sign_sheet(session: Session, actor: Actor, seat_id: int, words: str = "") -> str:
    """Sign one's own sheet, once; gives its salted hash, which goes into the public log.

    When the last member signs, all sheets are told with their salts.
    Raises: SeatNotFound, SeatLeft, NotEvaluating, ReviewOpen, SheetIncomplete; of a call
    ScreeningOpen, JuryIncomplete, PitchNotYet.
    """
    actor.check(permissions.SCORE.code)
    seat = _own_seat(session, actor, seat_id)
    judged = take_seat(session, actor, seat)
    wanted = judged.wanted
    rows = session.scalars(
        select(ScoreMark).where(
            ScoreMark.community_id == actor.community_id, ScoreMark.seat_id == seat.id
        )
    ).all()
    marks = {pair_of(row): row.hundredths for row in rows}
    missing = len(wanted - set(marks))
    if missing:
        raise SheetIncomplete(count=missing)
    _drop_strange(session, seat, set(marks) - wanted)
    salt = secrets.token_bytes(SALT_LENGTH)
    told = write_marks(seat.id, {pair: marks[pair] for pair in wanted})
    sheet_hash = hashlib.sha256(salt + told).hexdigest()
    record = {**judged.named, "seat": seat.number, "hash": sheet_hash}
    record_id = transparency.publish(session, actor.community_id, SIGNED, record, seat.id)
    sheet = ScoreSheet(
        community_id=actor.community_id,
        seat_id=seat.id,
        words=words,
        salt=salt,
        sheet_hash=sheet_hash,
        record_id=record_id,
        signed_at=clock.now(),
    )
    session.add(sheet)
    session.flush()
    done = session.execute(
        update(PanelSeat)
        .where(PanelSeat.id == seat.id, PanelSeat.state == SeatState.SEATED)
        .values(state=SeatState.SIGNED)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise SeatLeft
    session.expire_all()
    _tell_scores(session, seat, judged)
    return sheet_hash


def _tell_scores(session: Session, seat: PanelSeat, judged: Judged) -> None:
    """Publish every sheet once the last member has signed."""
    sheets = told_sheets(session, seat)
    for each in sheets:
        told = {
            **{name: key for name, key in judged.named.items() if name != "lot"},
            "seat": each.number,
            "salt": each.salt,
            "hash": each.sheet_hash,
            "void": each.is_void,
            "marks": [
                [entry, criterion, points]
                for (entry, criterion), points in sorted(each.marks.items())
            ],
        }
        transparency.publish(session, seat.community_id, SCORES, told, each.seat_id)
    if sheets and seat.tender_id is not None:
        events.tell(session, ScoresChanged(seat.community_id, seat.tender_id))


def _own_seat(session: Session, actor: Actor, seat_id: int) -> PanelSeat:
    row = session.get(PanelSeat, seat_id)
    mine = row is not None and row.person_id == actor.person_id and actor.on_behalf_of is None
    if row is None or row.community_id != actor.community_id or not mine:
        raise SeatNotFound
    return row


def _points(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


def _of(seat: PanelSeat, judged_id: int, criterion_id: int) -> dict[str, int]:
    """Name what a mark is for by the columns of its kind of seat."""
    if seat.tender_id is not None:
        return {"bid_id": judged_id, "criterion_id": criterion_id}
    return {"application_id": judged_id, "call_criterion_id": criterion_id}


def _keep(session: Session, seat: PanelSeat, mark: Mark) -> None:
    of = _of(seat, mark.judged_id, mark.criterion_id)
    row = session.scalar(select(ScoreMark).filter_by(seat_id=seat.id, **of))
    if row is None:
        row = ScoreMark(community_id=seat.community_id, seat_id=seat.id, **of)
        session.add(row)
    row.hundredths = mark.hundredths
    session.flush()


def _drop_strange(session: Session, seat: PanelSeat, pairs: set[tuple[int, int]]) -> None:
    """Take marks away for what no longer counts."""
    for judged_id, criterion_id in pairs:
        of = _of(seat, judged_id, criterion_id)
        session.execute(delete(ScoreMark).filter_by(seat_id=seat.id, **of))
