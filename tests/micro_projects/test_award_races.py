"""Two at once over an award: one wins, or both wait; and what holds when the guard is off."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import Refusal, WriteFailed
from community.micro_projects.models import Award, PanelSeat, ScoreSheet, Tender, TenderLot
from community.micro_projects.queries.money import holds_of
from community.micro_projects.rules.awards import AwardState
from community.micro_projects.rules.complaints import ComplaintGround, Remedy
from community.micro_projects.rules.panels import SeatState, SeedSource
from community.micro_projects.rules.tenders import TenderState
from community.micro_projects.service import awards, complaints, judged
from community.micro_projects.service.complaints import Verdict
from community.micro_projects.service.tender_lots import SeedPlan
from tests.micro_projects.awarding import EVEN, Awarding, after, make_opened, make_scored

pytestmark = pytest.mark.usefixtures("database")

FIRST = {0: 5_500, 1: 5_000, 2: 4_000}


def at_once(*acts: Callable[[], Any]) -> list[object]:
    """Let all begin together; gives what each gave, or the refusal that met it."""
    start = Barrier(len(acts))

    def go(act: Callable[[], Any]) -> object:
        start.wait(30)
        try:
            return act()
        except (Refusal, WriteFailed, IntegrityError) as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result() for each in [pool.submit(go, act) for act in acts]]


def refused(found: list[object]) -> int:
    return sum(isinstance(each, Refusal | WriteFailed | IntegrityError) for each in found)


def standing(found: Awarding) -> int:
    """Count the awards that hold the project's place."""
    with db.read() as session:
        return (
            session.scalar(
                select(func.count())
                .select_from(Award)
                .where(
                    Award.tender_id == found.tender_id,
                    Award.state.in_((AwardState.PENDING, AwardState.ACTIVE)),
                )
            )
            or 0
        )


def test_two_officers_name_one_winner() -> None:
    found = make_scored(FIRST)
    with clock.fixed(after(found, days=1)):
        told = at_once(found.notice, found.notice)
    assert (refused(told), standing(found)) == (1, 1)


def test_without_steps_the_table_still_holds_one_place() -> None:
    """Whoever goes around the tender's states meets the index of one standing award a project."""
    found = make_scored(FIRST)
    with clock.fixed(after(found, days=1)):
        first = found.award(found.notice())

        def again(session: Session, actor: Actor) -> None:
            names = [each.name for each in Award.__table__.columns if each.name != "id"]
            session.add(Award(**{name: getattr(first, name) for name in names}))
            session.flush()

        with pytest.raises((IntegrityError, WriteFailed)):
            db.write(again, found.scene.system)
    assert standing(found) == 1


def test_two_finals_hold_the_money_once() -> None:
    found = make_scored(FIRST)
    with clock.fixed(after(found, days=1)):
        award = found.notice()
    until = found.award(award).standstill_until
    assert until is not None

    def finalize() -> None:
        db.write(awards.finalize_award, found.officer, award)

    def finish_due() -> None:
        db.write(awards.finalize_due_awards, found.scene.system)

    with clock.fixed(until):
        at_once(finalize, finalize, finish_due)
    with db.read() as session:
        held = holds_of(session, found.scene.community_id, found.tendering.project_id)
    assert [each.award_id for each in held] == [award]
    assert found.award(award).state is AwardState.ACTIVE
    assert found.tendering.view().state is TenderState.AWARDED


def test_the_last_two_sign_at_once_and_every_sheet_is_told_once() -> None:
    found = make_opened()
    with clock.fixed(after(found, hours=1)):
        found.judge()
        lot = found.list_panel()
    with clock.fixed(after(found, hours=4)):
        found.draw(lot)
        *before, one, other = found.sitting()
        for seat in (*before, one, other):
            found.mark(seat, EVEN)
        for seat in before:
            found.sign(seat)
        told = at_once(lambda: found.sign(one), lambda: found.sign(other))
        assert refused(told) == 0
        again = at_once(lambda: found.sign(one), lambda: found.sign(other))
        assert refused(again) == 2
    assert len(found.sheets()) == 5
    with db.read() as session:
        signed = session.scalar(
            select(func.count()).select_from(PanelSeat).where(PanelSeat.state == SeatState.SIGNED)
        )
        sheets = session.scalar(select(func.count()).select_from(ScoreSheet))
    assert (signed, sheets) == (5, 5)


def test_two_draws_of_a_tie_give_one_order() -> None:
    found = make_scored(EVEN, (8_800_000, 8_800_000, 9_200_000))

    def listed() -> int:
        plan = SeedPlan(SeedSource.LOTTERY, clock.now() + timedelta(hours=2), "下一期开奖")
        made: int = db.write(awards.publish_tie_list, found.officer, found.tender_id, plan)
        return made

    with clock.fixed(after(found, days=1)):
        lots = at_once(listed, listed)
        assert refused(lots) == 1, "of two seeds one could draw whichever pleases"
    lot = next(each for each in lots if isinstance(each, int))

    def draw(number: str) -> Callable[[], None]:
        return lambda: db.write(awards.draw_tie, found.officer, lot, number)

    with clock.fixed(after(found, days=2)):
        told = at_once(draw("01 02 03 04"), draw("09 08 07 06"))
        assert refused(told) == 1
        assert found.ranking().leading_tie == ()
    with db.read() as session:
        drawn = session.scalars(select(TenderLot).where(TenderLot.id == lot)).one()
    assert drawn.seed in {"01 02 03 04", "09 08 07 06"}


def test_an_award_is_not_final_beside_an_objection_of_its_last_second() -> None:
    found = make_scored(FIRST)
    with clock.fixed(after(found, days=1)):
        award = found.notice()
    until = found.award(award).standstill_until
    assert until is not None
    loser = found.tendering.bidders[1]

    def protest() -> int:
        with clock.fixed(until - timedelta(microseconds=1)):
            made: int = db.write(
                complaints.object_to, loser, award, ComplaintGround.SCORING, "请核对"
            )
        return made

    made = protest()
    verdict = Verdict(is_upheld=True, answer="算错了", remedy=Remedy.BIDDER_OUT)

    def answer() -> None:
        db.write(complaints.answer_complaint, found.scene.street, made, verdict)

    def finalize() -> None:
        db.write(awards.finalize_award, found.officer, award)

    with clock.fixed(until):
        told = at_once(finalize, answer)
    assert isinstance(told[0], Refusal)
    assert found.award(award).state is AwardState.CANCELLED
    with db.read() as session:
        assert holds_of(session, found.scene.community_id, found.tendering.project_id) == ()


def test_signing_twice_at_once_with_the_lock_off_is_stopped_by_the_sheets_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The tender's lock makes the second a plain refusal; the table would refuse it anyway."""
    found = make_opened()
    with clock.fixed(after(found, hours=1)):
        found.judge()
        lot = found.list_panel()
    with clock.fixed(after(found, hours=4)):
        found.draw(lot)
        seat = found.sitting()[0]
        found.mark(seat, EVEN)
        monkeypatch.setattr(judged, "lock_tender", _load_unlocked)
        told = at_once(lambda: found.sign(seat), lambda: found.sign(seat))
    assert refused(told) == 1
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(ScoreSheet)) == 1


def _load_unlocked(session: Session, actor: Actor, tender_id: int) -> Tender:
    return session.get_one(Tender, tender_id)
