"""四议两公开, 规约 and demands: in order, by their shares, and by what was decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community import deliberation
from community.deliberation import BodyKind
from community.deliberation.errors.bylaws import (
    AdoptionUnproved,
    DraftOpen,
    HeadingTooLong,
    NoClauses,
    NotADraft,
    NothingNew,
    NotPassed,
)
from community.deliberation.errors.demands import (
    AlreadySigned,
    DemandNotReached,
    DemandReached,
)
from community.deliberation.errors.meetings import NotAMemberHere
from community.deliberation.errors.processes import (
    CountsUnclear,
    PostingNotOver,
    ProcessNotFound,
    ProcessOver,
    SharesUnclear,
    SignersMissing,
    StepSkipped,
    TooFewAttend,
)
from community.deliberation.models import BylawClause, ProcessStep
from community.deliberation.queries.bylaws import compare_version, get_bylaw
from community.deliberation.queries.demands import demands
from community.deliberation.queries.processes import get_process
from community.deliberation.rules.bylaws import (
    BylawKind,
    ChangeKind,
    Clause,
    VersionState,
    compare,
    join_clauses,
    split_clauses,
    text_hash,
)
from community.deliberation.rules.processes import (
    ORDER,
    ProcessState,
    Step,
    StepCount,
    Thresholds,
)
from community.deliberation.service import bylaws, counting, processes
from community.deliberation.service import demands as demanding
from community.deliberation.service.processes import StepReport
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from tests import builders
from tests.conftest import NOON
from tests.deliberation.bodies import Council, make_council
from tests.deliberation.sittings import DAY, move, sitting
from tests.deliberation.test_decisions import photo

FIRST = "第一条 安静\n晚上十点以后不施工。\n\n第二条 养犬\n出门牵绳。"
SECOND = "第一条 安静\n晚上九点以后不施工。\n\n第三条 停车\n不占消防通道。"


def report(step: Step, *, expected: int = 30, present: int = 20, yes: int = 20) -> StepReport:
    count = StepCount(expected, present, yes)
    return StepReport(step, clock.today(), "活动室", "修路", count, ("何志强", "罗文斌"))


def begin(council: Council, thresholds: Thresholds | None = None) -> int:
    made: int = db.write(
        processes.begin_process, council.staff, "修路", "翻修主路", thresholds or Thresholds()
    )
    return made


def test_six_steps_in_order_with_their_signatures(database: Database) -> None:
    council = make_council()
    process = begin(council)
    for place, step in enumerate(ORDER):
        with clock.fixed(NOON + timedelta(days=6 * place)):
            assert db.write(processes.record_step, council.staff, process, report(step), photo())
    with db.read() as session:
        found = get_process(session, council.staff, process)
        seen = get_process(session, Actor.visitor(council.community_id), process)
    assert found.state is ProcessState.DONE
    assert [each.step for each in found.steps] == list(ORDER)
    assert found.steps[2].signers == ("何志强", "罗文斌")
    assert seen.steps[2].signers == ("何**", "罗**")
    assert found.steps[4].notice_id is not None
    with pytest.raises(ProcessOver):
        db.write(processes.record_step, council.staff, process, report(Step.POST_RESULT), photo())


def test_no_step_is_skipped_repeated_or_unsigned(database: Database) -> None:
    council = make_council()
    process = begin(council)
    with pytest.raises(StepSkipped):
        db.write(processes.record_step, council.staff, process, report(Step.REVIEW), photo())
    with pytest.raises(SignersMissing):
        db.write(processes.record_step, council.staff, process, report(Step.PROPOSE), None)
    db.write(processes.record_step, council.staff, process, report(Step.PROPOSE), photo())
    with pytest.raises(StepSkipped):
        db.write(processes.record_step, council.staff, process, report(Step.PROPOSE), photo())
    with pytest.raises(NotAllowed):
        db.write(processes.record_step, council.chair, process, report(Step.CONSULT), photo())
    with pytest.raises(ProcessNotFound):
        db.write(processes.record_step, council.outsider, process, report(Step.CONSULT), photo())
    row = {
        "community_id": council.community_id, "process_id": process, "position": 3,
        "step": Step.REVIEW, "held_on": clock.today(), "place": "", "words": "", "expected": 1,
        "present": 1, "yes": 1, "passed": True, "signers": [], "file_id": 1,
        "file_sha256": "0" * 64, "recorded_at": clock.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError):
        builders.add(ProcessStep, **row)


def test_two_thirds_must_attend_the_review(database: Database) -> None:
    council = make_council()
    process = begin(council)
    for step in (Step.PROPOSE, Step.CONSULT):
        db.write(processes.record_step, council.staff, process, report(step, present=3, yes=2),
                 photo())  # fmt: skip
    few = report(Step.REVIEW, present=19, yes=19)
    with pytest.raises(TooFewAttend, match="至少要到 20 人"):
        db.write(processes.record_step, council.staff, process, few, photo())
    beyond = report(Step.REVIEW, present=31, yes=20)
    with pytest.raises(CountsUnclear):
        db.write(processes.record_step, council.staff, process, beyond, photo())
    # Half of those present is not more than half.
    half = report(Step.REVIEW, present=20, yes=10)
    assert not db.write(processes.record_step, council.staff, process, half, photo())
    with pytest.raises(ProcessOver):
        db.write(processes.record_step, council.staff, process, report(Step.RESOLVE), photo())


def test_a_posting_is_over_before_the_result_is_posted(database: Database) -> None:
    council = make_council()
    process = begin(council)
    for step in ORDER[:5]:
        db.write(processes.record_step, council.staff, process, report(step), photo())
    last = report(Step.POST_RESULT)
    with pytest.raises(PostingNotOver):
        db.write(processes.record_step, council.staff, process, last, photo())
    with clock.fixed(NOON + timedelta(days=5)):
        assert db.write(processes.record_step, council.staff, process, last, photo())


def test_shares_of_a_process_are_shares(database: Database) -> None:
    council = make_council()
    for wrong in (Thresholds(review_num=4), Thresholds(passing_den=3)):
        with pytest.raises(SharesUnclear):
            begin(council, wrong)


def test_clauses_are_read_and_compared() -> None:
    old, new = split_clauses(FIRST), split_clauses(SECOND)
    assert old[0] == Clause("第一条 安静", "晚上十点以后不施工。")
    assert split_clauses(join_clauses(old)) == old
    kinds = [each.kind for each in compare(old, new)]
    assert kinds == [ChangeKind.CHANGED, ChangeKind.CHANGED]
    pieces = compare(old, new)[0].pieces
    assert [(each.kind, each.words) for each in pieces] == [
        (ChangeKind.SAME, "晚上"),
        (ChangeKind.REMOVED, "十"),
        (ChangeKind.ADDED, "九"),
        (ChangeKind.SAME, "点以后不施工。"),
    ]
    grown = compare(old, (*old, Clause("第三条 停车", "不占道。")))
    assert [each.kind for each in grown] == [ChangeKind.SAME, ChangeKind.SAME, ChangeKind.ADDED]
    shrunk = compare(old, old[1:])
    assert [each.kind for each in shrunk] == [ChangeKind.REMOVED, ChangeKind.SAME]
    assert text_hash(old) != text_hash(new)


def test_a_bylaw_is_drafted_adopted_and_replaced(database: Database) -> None:
    council = make_council()
    staff = council.staff
    bylaw = db.write(bylaws.begin_bylaw, staff, BylawKind.COVENANT, "管理规约", FIRST, "首次")
    with pytest.raises(DraftOpen):
        db.write(bylaws.begin_bylaw, staff, BylawKind.COVENANT, "管理规约", FIRST, "首次")
    with pytest.raises(NoClauses):
        db.write(bylaws.begin_bylaw, staff, BylawKind.PROCEDURE, "议事规则", " \n ", "")
    with pytest.raises(HeadingTooLong):
        db.write(bylaws.begin_bylaw, staff, BylawKind.PROCEDURE, "议事规则", "长" * 121, "")
    with pytest.raises(AdoptionUnproved):
        db.write(bylaws.adopt_version, staff, bylaw)
    with pytest.raises(NotAllowed):
        db.write(bylaws.adopt_version, council.chair, bylaw, None, None, "第 1 次会议")
    assert db.write(bylaws.adopt_version, staff, bylaw, None, None, "第 1 次业主大会决议") == 1
    with pytest.raises(NotADraft):
        db.write(bylaws.adopt_version, staff, bylaw, None, None, "再一次")
    with pytest.raises(NothingNew):
        db.write(bylaws.draft_version, staff, bylaw, FIRST, "没变")
    assert db.write(bylaws.draft_version, staff, bylaw, FIRST + "\n改", "改一下") == 2
    assert db.write(bylaws.draft_version, staff, bylaw, SECOND, "重写草案") == 2
    with db.read() as session:
        told = compare_version(session, council.neighbour, bylaw, 2)
        clause = session.scalars(select(BylawClause.id).order_by(BylawClause.id).limit(1)).one()
    assert told.before is not None
    assert [each.old_number for each in told.changes] == [1, 2]

    def rewrite(session: Session, actor: Actor) -> None:
        session.delete(session.get_one(BylawClause, clause))
        session.flush()

    with pytest.raises(IntegrityError):
        db.write(rewrite, staff)


def test_a_motion_adopts_only_the_text_it_names(database: Database) -> None:
    with sitting() as held:
        staff = held.council.staff
        bylaw = db.write(bylaws.begin_bylaw, staff, BylawKind.PROCEDURE, "议事规则", FIRST, "")
        with db.read() as session:
            draft = get_bylaw(session, staff, bylaw).draft
        assert draft is not None
        other = move(held)
        db.write(counting.count_motion, held.chair, other, 7, 0, 0)
        named = move(held, f"通过议事规则，文字指纹 {draft.text_sha256}。")
        with pytest.raises(NotPassed):
            db.write(bylaws.adopt_version, staff, bylaw, None, named)
        db.write(counting.count_motion, held.chair, named, 7, 0, 0)
        with pytest.raises(NotPassed):
            db.write(bylaws.adopt_version, staff, bylaw, None, other)
        with pytest.raises(NotPassed):
            db.write(bylaws.adopt_version, staff, bylaw, 999, None)
        assert db.write(bylaws.adopt_version, staff, bylaw, None, named) == 1
        with db.read() as session:
            adopted = get_bylaw(session, staff, bylaw).adopted
        assert adopted is not None
        assert adopted.state is VersionState.ADOPTED


def test_a_share_of_the_owners_calls_for_a_meeting(database: Database) -> None:
    council = make_council()
    meeting: int = db.write(
        deliberation.found_body, council.staff, BodyKind.OWNERS_MEETING, "业主大会"
    )
    unit = [_unit(council, number) for number in range(6)]
    owners = council.members[:6]
    for place, owner in enumerate(owners):
        builders.own(council.community_id, owner.person_id or 0, unit[place])
    with pytest.raises(NotAMemberHere):
        db.write(demanding.raise_demand, council.neighbour, meeting, "换物业", "管得差")
    demand = db.write(demanding.raise_demand, owners[0], meeting, "换物业", "管得差")
    with pytest.raises(AlreadySigned):
        db.write(demanding.sign_demand, owners[0], demand)
    with pytest.raises(DemandNotReached):
        db.write(demanding.answer_demand, council.staff, demand, "大会", "广场", DAY)
    # 20 % of six owners are two, rounded up.
    assert db.write(demanding.sign_demand, owners[1], demand) == 2
    with db.read() as session:
        found = demands(session, owners[0], meeting)[0]
    assert (found.signed, found.needed, found.heads) == (2, 2, 6)
    assert found.reached_at is not None
    db.write(demanding.answer_demand, council.staff, demand, "大会", "广场", DAY)
    with pytest.raises(DemandReached):
        db.write(demanding.answer_demand, council.staff, demand, "大会", "广场", DAY)
    with pytest.raises(DemandReached):
        db.write(demanding.sign_demand, owners[2], demand)


def _unit(council: Council, number: int) -> int:
    home = builders.make_household(council.community_id, unit=f"{number} 单元 101")
    with db.read() as session:
        row = db.statements(session).one("SELECT unit_id FROM household WHERE id = ?", (home,))
    assert row is not None
    return int(row[0])
