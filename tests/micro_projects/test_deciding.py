"""Costing, vote, notice, review and quota: what an approval rests on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community import deliberation, notices
from community.kernel import clock, db, files
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, RuleBroken
from community.micro_projects.errors.deciding import (
    CapExceeded,
    NoticeRunning,
    NotVotedFor,
    ObjectionsOpen,
    QuotaExceeded,
    QuotaInUse,
    QuotaMissing,
    QuotesMissing,
    ReviewAnswered,
    TermsReversed,
)
from community.micro_projects.errors.projects import NotAtStation, ReasonMissing
from community.micro_projects.models import Project, ProjectQuota, ProjectReview, QuotaUse
from community.micro_projects.queries.deciding import (
    newest_costing,
    quotes_of,
    reviews_of,
    votes_of,
)
from community.micro_projects.queries.terms import rule_set_on
from community.micro_projects.rules.deciding import ReviewOutcome, project_in, subject_of
from community.micro_projects.rules.projects import ProjectCategory, ProjectKind
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.terms import PRESETS
from community.micro_projects.service import costing, ideas, quotas, reviewing, terms, voting
from tests.micro_projects.scene import (
    Scene,
    make_project,
    make_scene,
    state_of,
    to_review,
    vote,
    walk,
)

ACCESS = ProjectCategory.ACCESS
APPROVED, RETURNED = ReviewOutcome.APPROVED, ReviewOutcome.RETURNED


@pytest.fixture
def scene(database: object) -> Scene:
    return make_scene()


def cost(scene: Scene, project_id: int, *lines: tuple[str, int]) -> int:
    made: int = db.write(costing.cost_project, scene.officer, project_id, lines)
    return made


def answer(scene: Scene, review_id: int, outcome: ReviewOutcome, words: str = "") -> None:
    db.write(reviewing.answer_review, scene.street, review_id, outcome, words)


@pytest.mark.once
def test_a_subject_names_a_project_and_nothing_else() -> None:
    assert project_in(subject_of(7)) == 7
    for other in ("topic:7", "project:", "project:-7", "project:7a", "project:７", "7"):
        assert project_in(other) is None


def test_lines_add_up_and_large_budgets_rest_on_quotes(scene: Scene) -> None:
    made = make_project(scene, ProjectState.COSTING, budget_fen=None)
    cost(scene, made, ("扶手", 6_000_00), ("人工", 4_000_00))
    with pytest.raises(QuotesMissing):
        cost(scene, made, ("扶手", 10_000_01))
    for firm, amount in (("甲", 12_000_00), ("乙", 11_000_00), ("乙", 10_900_00)):
        db.write(costing.add_quote, scene.officer, made, firm, amount)
    with pytest.raises(QuotesMissing):
        cost(scene, made, ("扶手", 11_000_00))
    db.write(costing.add_quote, scene.officer, made, "丙", 11_500_00)
    assert cost(scene, made, ("扶手", 11_000_00)) == 2
    with db.read() as session:
        found = newest_costing(session, scene.community_id, made)
        assert found is not None
        assert (found.budget_fen, found.fiscal_fen) == (11_000_00, 11_000_00)
    with pytest.raises(NotAllowed):
        db.write(costing.cost_project, scene.neighbour, made, (("扶手", 1),))


def test_caps_are_the_districts_own_and_those_of_the_day_it_was_submitted(scene: Scene) -> None:
    zhuhai = PRESETS[1]
    made = walk(scene)
    args = (zhuhai.locality, zhuhai.basis, clock.today(), None, zhuhai.terms)
    db.write(terms.adopt_terms, scene.street, *args)
    for number in range(3):
        db.write(costing.add_quote, scene.officer, made, f"单位{number}", 600_000_00)
    cost(scene, made, ("工程", 1_000_000_00))
    with pytest.raises(CapExceeded):
        cost(scene, made, ("工程", 1_000_000_01))
    with db.read() as session:
        today = rule_set_on(session, scene.community_id, clock.today())
        before = rule_set_on(session, scene.community_id, clock.today() - timedelta(days=1))
    assert today.terms.cap_fen(ProjectKind.WORKS) == 500_000_00
    assert before.terms.cap_fen(ProjectKind.WORKS) == 1_000_000_00
    late = clock.today() - timedelta(days=1)
    with pytest.raises(TermsReversed):
        db.write(terms.adopt_terms, scene.street, zhuhai.locality, "x", late, None, zhuhai.terms)


def test_the_vote_is_asked_in_deliberation_and_its_result_moves_the_project(scene: Scene) -> None:
    ours = replace(PRESETS[0].terms, vote_days=12)
    args = ("本区", "区办法", clock.today(), None, ours)
    db.write(terms.adopt_terms, scene.street, *args)
    made = walk(scene)
    # The project keeps the rules of the day it was submitted.
    later = ("本区", "新办法", clock.today(), None, replace(ours, vote_days=3))
    db.write(terms.adopt_terms, scene.street, *later)
    db.write(voting.ask_vote, scene.officer, made)
    with pytest.raises(NotAtStation):
        db.write(voting.ask_vote, scene.officer, made)
    with db.read() as session:
        poll = deliberation.find_poll_for(session, scene.community_id, subject_of(made))
    assert poll is not None
    assert poll.closes_at - poll.opens_at == timedelta(days=12)
    assert "总预算：8000.00 元（财政资金 8000.00 元）" in poll.text

    def decide(session: Session, actor: Actor, words: str, passed: bool) -> bool:
        return voting.take_vote(session, actor, made, words, "poll:1", clock.today(), passed=passed)

    assert db.write(decide, scene.system, "别的内容", True) is False
    assert state_of(scene, made) is ProjectState.VOTING
    assert db.write(decide, scene.system, poll.text, True) is True
    assert state_of(scene, made) is ProjectState.NOTICE
    assert db.write(decide, scene.system, poll.text, False) is False
    with db.read() as session:
        found = votes_of(session, scene.community_id, made)
    assert [each.passed for each in found] == [True]


def test_a_failed_vote_ends_it_and_a_recalled_one_withdraws_the_poll(scene: Scene) -> None:
    failed = walk(scene)
    assert vote(scene, failed, passed=False)
    assert state_of(scene, failed) is ProjectState.REJECTED
    made = make_project(scene, ProjectState.COSTING, budget_fen=None)
    cost(scene, made, ("灯", 500_00))
    db.write(voting.ask_vote, scene.officer, made)
    with pytest.raises(ReasonMissing):
        db.write(voting.recall_vote, scene.officer, made, "")
    db.write(voting.recall_vote, scene.officer, made, "漏算一项")
    with db.read() as session:
        subject = subject_of(made)
        assert deliberation.find_poll_for(session, scene.community_id, subject) is None
    db.write(voting.ask_vote, scene.officer, made)


def test_a_notice_runs_out_and_open_objections_hold_it(scene: Scene) -> None:
    made = walk(scene)
    vote(scene, made)
    with pytest.raises(NoticeRunning):
        db.write(voting.close_notice, scene.officer, made)
    with db.read() as session:
        notice = notices.find_notice_for(session, scene.community_id, subject_of(made))
    assert notice is not None
    objection = db.write(notices.raise_objection, scene.neighbour, notice.id, "影响采光")
    with clock.fixed(notice.closes_at):
        with pytest.raises(ObjectionsOpen):
            db.write(voting.close_notice, scene.officer, made)
        assert db.write(voting.close_due_notices, scene.system) == 0
        args = (objection, notices.Outcome.UPHELD, "确有影响，改位置")
        db.write(notices.answer_objection, scene.officer, *args)
        assert db.write(voting.close_due_notices, scene.system) == 1
    assert state_of(scene, made) is ProjectState.RETURNED
    # Corrected without costing more, it goes to the street; dearer, to the council again.
    cost(scene, made, ("扶手和安装", 8_000_01))
    with pytest.raises(NotVotedFor):
        db.write(reviewing.ask_review, scene.officer, made)
    cost(scene, made, ("扶手和安装", 7_900_00))
    db.write(reviewing.ask_review, scene.officer, made)
    assert state_of(scene, made) is ProjectState.REVIEW


def test_what_the_council_agreed_to_does_not_carry_another_need_past_it(scene: Scene) -> None:
    made = walk(scene)
    review = to_review(scene, made)
    answer(scene, review, RETURNED, "请写清楚位置")
    other = ideas.IdeaDraft("换成别的事", "与表决内容无关。", ProjectKind.GOODS, ACCESS)
    db.write(ideas.change_project, scene.author, made, other, frozenset[int](), (), False)
    cost(scene, made, ("别的东西", 100_00))
    with pytest.raises(NotVotedFor):
        db.write(reviewing.ask_review, scene.officer, made)


def test_each_request_is_answered_once(scene: Scene) -> None:
    made = walk(scene)
    review = to_review(scene, made)
    with pytest.raises(NotAllowed):
        db.write(reviewing.answer_review, scene.officer, review, APPROVED)
    with pytest.raises(ReasonMissing):
        answer(scene, review, RETURNED)
    with pytest.raises(QuotaMissing):
        answer(scene, review, APPROVED)
    answer(scene, review, RETURNED, "请补充安全措施")
    with pytest.raises(ReviewAnswered):
        answer(scene, review, APPROVED)
    assert state_of(scene, made) is ProjectState.RETURNED
    cost(scene, made, ("扶手和安装", 8_000_00))
    db.write(reviewing.ask_review, scene.officer, made)
    with db.read() as session:
        assert [each.number for each in reviews_of(session, scene.community_id, made)] == [2, 1]

    def go_around(session: Session, actor: Actor) -> None:
        session.execute(update(ProjectReview).where(ProjectReview.id == review).values(words="改"))

    with pytest.raises(IntegrityError):
        db.write(go_around, scene.system)


def test_an_approval_reserves_the_quota_and_a_withdrawal_frees_it(scene: Scene) -> None:
    first, second = walk(scene), make_project(scene, ProjectState.COSTING, budget_fen=None)
    cost(scene, second, ("灯", 3_000_00))
    asked = [to_review(scene, first), to_review(scene, second)]
    db.write(quotas.set_quota, scene.street, 2026, 10_000_00)
    answer(scene, asked[0], APPROVED)
    with pytest.raises(QuotaExceeded):
        answer(scene, asked[1], APPROVED)
    assert state_of(scene, second) is ProjectState.REVIEW
    with pytest.raises(QuotaInUse):
        db.write(quotas.set_quota, scene.street, 2026, 7_999_99)
    db.write(ideas.withdraw_project, scene.officer, first, "业主已自行安装")
    answer(scene, asked[1], APPROVED)
    with db.read() as session:
        row = session.scalars(select(ProjectQuota)).one()
        assert (row.amount_fen, row.reserved_fen) == (10_000_00, 3_000_00)


def two_at_once(scene: Scene) -> int:
    """Let two approvals race for a quota that bears one; tells how many were approved."""
    made = [make_project(scene, ProjectState.COSTING, budget_fen=None) for _ in range(2)]
    for each in made:
        cost(scene, each, ("灯", 8_000_00))
    asked = [to_review(scene, each) for each in made]

    def approve(review_id: int) -> bool:
        try:
            answer(scene, review_id, APPROVED)
        except RuleBroken:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(approve, asked))


def test_two_approvals_at_once_cannot_overspend(scene: Scene) -> None:
    db.write(quotas.set_quota, scene.street, 2026, 10_000_00)
    assert two_at_once(scene) == 1


def test_without_the_guard_the_race_is_lost_and_the_database_itself_refuses(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command's guard off, both approvals go on; the constraint stops the second."""

    def unguarded(session: Session, actor: Actor, project: Project) -> None:
        session.execute(
            update(ProjectQuota)
            .values(reserved_fen=ProjectQuota.reserved_fen + project.budget_fen)
            .execution_options(synchronize_session=False)
        )
        quota = session.scalars(select(ProjectQuota)).one()
        use = QuotaUse(
            community_id=project.community_id,
            project_id=project.id,
            quota_id=quota.id,
            amount_fen=project.budget_fen or 0,
            reserved_at=clock.now(),
        )
        session.add(use)
        session.flush()

    monkeypatch.setattr(reviewing, "reserve_quota", unguarded)
    db.write(quotas.set_quota, scene.street, 2026, 10_000_00)
    with pytest.raises(IntegrityError):
        two_at_once(scene)
    with db.read() as session:
        assert session.scalar(select(func.sum(ProjectQuota.reserved_fen))) == 8_000_00


def test_quotes_keep_their_paper(scene: Scene) -> None:
    made = make_project(scene, ProjectState.COSTING, budget_fen=None)
    paper = files.take_in(files.Upload("报价.pdf", b"%PDF-1.4 invented"))
    db.write(costing.add_quote, scene.officer, made, "甲", 100_00, paper)
    with db.read() as session:
        (kept,) = quotes_of(session, scene.community_id, made)
        assert files.get_file(session, scene.community_id, kept.file_id or 0).name == "报价.pdf"
