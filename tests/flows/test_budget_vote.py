"""Owners vote on a budget: the vote gives its reference, the two keys still adopt it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from community import deliberation
from community.deliberation.service.polls import change_draft
from community.identity.models import Unit
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.permissions import Role
from community.trust_property.errors.budget import (
    BudgetVoteNotFound,
    BudgetVoteOpen,
    BudgetVoteOver,
    BudgetVoteSpent,
    OwnersOfOtherBuildings,
)
from community.trust_property.errors.keys import NoKey
from community.trust_property.queries.budget_votes import BudgetVoteView, budget_votes
from community.trust_property.queries.budgets import budget_versions
from community.trust_property.rules.budget import BudgetLine
from community.trust_property.rules.budget_votes import VoteState, budget_vote_in, subject_of
from community.trust_property.service.budget_votes import (
    ask_budget_vote,
    propose_voted_budget,
    take_budget_vote,
    withdraw_budget_vote,
)
from community.trust_property.service.matters import reject_matter
from tests import builders
from tests.deliberation.owning import let_own
from tests.deliberation.voting import NO, YES
from tests.trust_property import scene as scenes
from tests.trust_property.acts import LINES, adopt, agree, line, matter, published, working_scene
from tests.trust_property.scene import Scene
from tests.trust_property.test_pages import Visitor

pytestmark = pytest.mark.usefixtures("database")
MORE = (BudgetLine("L01", "电梯维保", 120_000_00), *LINES[1:])


def estate() -> Scene:
    """Let the two units belong to their residents, and a budget be in force."""
    scene = working_scene()
    with db.read() as session:
        mine = select(Unit.id).where(Unit.community_id == scene.community_id).order_by(Unit.id)
        units = list(session.scalars(mine))
    owners = (scene.owner, scene.neighbour)
    own = [
        (unit, {"person_id": each.person_id or 0}) for unit, each in zip(units, owners, strict=True)
    ]
    let_own(scene.community_id, own)
    adopt(scene)
    return scene


def want(scene: Scene, lines: tuple[BudgetLine, ...] = MORE) -> int:
    made: int = db.write(ask_budget_vote, scene.firm, scene.fund_id, 2026, lines)
    return made


def poll_about(scene: Scene, vote_id: int) -> deliberation.PollView:
    with db.read() as session:
        found = deliberation.find_poll_for(session, scene.community_id, subject_of(vote_id))
    assert found is not None
    return found


def decide(scene: Scene, poll_id: int, *answers: Any) -> deliberation.PollDecided:
    """Let staff complete the poll, both owners answer, and the count be made."""
    db.write(deliberation.post_roll, scene.staff, poll_id)
    db.write(deliberation.freeze_poll, scene.staff, poll_id, "")
    with db.read() as session:
        poll = deliberation.get_poll(session, scene.community_id, poll_id)
    with clock.fixed(poll.opens_at + timedelta(hours=1)):
        for actor, pairs in zip((scene.owner, scene.neighbour), answers, strict=False):
            db.write(deliberation.cast_ballot, actor, poll_id, pairs)
    with clock.fixed(poll.closes_at):
        db.write(deliberation.close_poll, Actor.system(scene.community_id), poll_id)
        decided: deliberation.PollDecided = db.write(deliberation.decide_poll, scene.staff, poll_id)
    return decided


def vote(scene: Scene) -> BudgetVoteView:
    with db.read() as session:
        return budget_votes(session, scene.firm, scene.fund_id, 2026)[0]


def versions(scene: Scene) -> int:
    with db.read() as session:
        return len(budget_versions(session, scene.firm, scene.fund_id, 2026))


def test_asking_leaves_a_draft_for_the_desk_with_every_line() -> None:
    scene = estate()
    poll = poll_about(scene, want(scene))
    assert poll.state is deliberation.PollState.DRAFT
    assert (poll.kind, poll.settings["item"]) == (deliberation.PollKind.OWNERS, 9)
    assert poll.settings["notice_days"] == 15
    assert "L01 电梯维保：120000.00 元" in poll.text
    assert "合计：150050.00 元" in poll.text
    with pytest.raises(BudgetVoteOpen):
        want(scene)


def test_a_passed_vote_gives_the_reference_and_both_keys_adopt_it() -> None:
    scene = estate()
    vote_id = want(scene)
    with pytest.raises(BudgetVoteOver):
        db.write(propose_voted_budget, scene.firm, scene.fund_id, vote_id)
    decided = decide(scene, poll_about(scene, vote_id).id, YES, YES)
    assert decided.passed is True
    found = vote(scene)
    assert (found.state, found.decided_on) == (VoteState.PASSED, decided.decided_on)
    assert f"第 {decided.poll_id} 号" in found.reference
    assert (versions(scene), line(scene).whole_fen) == (1, 100_000_00)
    asked = (scene.fund_id, vote_id)
    sent_back = db.write(propose_voted_budget, scene.firm, *asked)
    db.write(reject_matter, scene.committee, scene.fund_id, sent_back, "先核对电梯合同")
    assert versions(scene) == 1
    raised = db.write(propose_voted_budget, scene.firm, *asked)
    assert any(each.value == found.reference for each in matter(scene, raised).facts)
    agree(scene, raised)
    assert (versions(scene), line(scene).whole_fen) == (2, 120_000_00)
    record = published(scene, "trust.budget")[-1]
    assert (record["reference"], record["minutes_sha256"]) == (found.reference, "")
    assert vote(scene).is_adopted
    with pytest.raises(BudgetVoteSpent):
        db.write(propose_voted_budget, scene.firm, *asked)


def test_a_failed_vote_leaves_everything_as_it_was_and_may_be_asked_again() -> None:
    scene = estate()
    vote_id = want(scene)
    assert decide(scene, poll_about(scene, vote_id).id, NO, NO).passed is False
    assert vote(scene).state is VoteState.FAILED
    assert (versions(scene), line(scene).whole_fen) == (1, 100_000_00)
    with pytest.raises(BudgetVoteOver):
        db.write(propose_voted_budget, scene.firm, scene.fund_id, vote_id)
    assert want(scene) != vote_id


def test_a_vote_on_other_lines_is_no_vote_on_this_budget() -> None:
    scene = estate()
    vote_id = want(scene)
    poll = poll_about(scene, vote_id)
    changed = redrafted(poll, poll.text.replace("120000.00", "12000.00"))
    db.write(change_draft, scene.staff, poll.id, changed)
    assert decide(scene, poll.id, YES, YES).passed is True
    assert vote(scene).state is VoteState.DIFFERENT


def test_a_completed_draft_is_still_the_same_question() -> None:
    scene = estate()
    poll = poll_about(scene, want(scene))
    text = "业委会说明：电梯已用十二年。\r\n\r\n" + poll.text.replace("\n", "\r\n")
    db.write(change_draft, scene.staff, poll.id, redrafted(poll, text))
    decide(scene, poll.id, YES, YES)
    assert vote(scene).state is VoteState.PASSED


def test_a_poll_without_the_laws_force_decides_no_budget() -> None:
    scene = estate()
    poll = poll_about(scene, want(scene))
    weak = redrafted(poll, poll.text, deliberation.Standing.CONSULTATIVE)
    db.write(change_draft, scene.staff, poll.id, weak)
    assert decide(scene, poll.id, YES, YES).passed is True
    assert vote(scene).state is VoteState.WANTED


def test_what_was_taken_back_is_not_decided() -> None:
    scene = estate()
    vote_id = want(scene)
    db.write(withdraw_budget_vote, scene.firm, scene.fund_id, vote_id)
    decide(scene, poll_about(scene, vote_id).id, YES, YES)
    assert vote(scene).state is VoteState.WITHDRAWN
    with pytest.raises(BudgetVoteOver):
        db.write(withdraw_budget_vote, scene.firm, scene.fund_id, vote_id)


def test_only_the_trustees_key_asks_and_only_the_product_decides() -> None:
    scene = estate()
    vote_id = want(scene)
    asked = (scene.fund_id, vote_id)
    for actor, refusal in ((scene.owner, NotAllowed), (scene.committee, NotAllowed)):
        with pytest.raises(refusal):
            db.write(ask_budget_vote, actor, scene.fund_id, 2027, MORE)
        with pytest.raises(refusal):
            db.write(withdraw_budget_vote, actor, *asked)
    keyless = scenes.firm_person(scene.community_id, scene.firm_id, "何平")
    with pytest.raises(NoKey):
        db.write(propose_voted_budget, keyless, *asked)
    told = (vote_id, "", "决议", clock.today())
    with pytest.raises(NotAllowed):
        db.write(take_passed, scene.committee, *told)
    with pytest.raises(BudgetVoteNotFound):
        db.write(withdraw_budget_vote, scene.firm, scene.fund_id, vote_id + 1)
    other = builders.make_community("meihua", "梅花社区")
    stranger = builders.actor(
        other, builders.make_person(other, "外人", roles=(Role.STAFF, Role.PROPERTY))
    )
    with pytest.raises(NotFound):
        db.write(withdraw_budget_vote, stranger, *asked)
    db.write(take_passed, Actor.system(other), *told)
    assert vote(scene).state is VoteState.WANTED


def test_owners_of_buildings_that_pay_elsewhere_are_not_asked() -> None:
    scene = estate()
    builders.make_household(scene.community_id, "9 号楼", "1 单元 101", 9_000)
    with pytest.raises(OwnersOfOtherBuildings):
        want(scene)


def test_the_outcome_stands_in_the_database_too(database: Database) -> None:
    scene = estate()
    vote_id = want(scene)
    db.write(take_passed, Actor.system(scene.community_id), vote_id, "", "决议", clock.today())
    assert vote(scene).state is VoteState.DIFFERENT
    for change in ("state = 'wanted'", "lines = '[]'", "reference = 'x'"):
        with pytest.raises(Exception, match="vote"):
            db.write(run_sql, scene.staff, f"UPDATE trust_budget_vote SET {change}")
    with pytest.raises(Exception, match="kept"):
        db.write(run_sql, scene.staff, "DELETE FROM trust_budget_vote")


def test_other_subjects_are_none_of_its_business() -> None:
    assert budget_vote_in(subject_of(7)) == 7
    for other in ("", "motion:7", "trust_property:budget:", "trust_property:budget:x7"):
        assert budget_vote_in(other) is None


def run_sql(session: Any, actor: Actor, sql: str) -> None:
    db.statements(session).run(sql)


def take_passed(
    session: Any, actor: Actor, vote_id: int, asked: str, reference: str, day: Any
) -> None:
    take_budget_vote(session, actor, vote_id, asked, reference, day, passed=True)


def redrafted(
    poll: deliberation.PollView,
    text: str,
    standing: deliberation.Standing = deliberation.Standing.STATUTORY,
) -> deliberation.PollDraft:
    return deliberation.PollDraft(
        poll.kind,
        poll.title,
        text,
        (),
        poll.roll_kind,
        poll.opens_at,
        poll.closes_at,
        settings=poll.settings,
        standing=standing,
        subject=poll.subject,
    )


def test_the_page_asks_without_minutes_and_shows_what_became_of_it(app: Flask) -> None:
    scene = estate()
    firm, committee = Visitor(app, scene.firm), Visitor(app, scene.committee)
    page = f"/desk/fund/{scene.fund_id}/budget"
    assert "请业主表决" in firm.see(page)
    firm.send(page, f"{page}/vote?year=2026", 422, year="2026", lines="电梯 一万")
    firm.send(page, f"{page}/vote?year=2026", year="2026", lines="L01\t电梯维保\t120000\n绿化\t300")
    made = vote(scene).id
    assert "等业主表决" in committee.see(page)
    assert "/withdraw" not in committee.see(page)
    firm.send(page, f"{page}/vote?year=2026", 409, year="2026", lines="绿化\t300")
    decide(scene, poll_about(scene, made).id, YES, YES)
    assert "按表决结果提交业委会" in firm.see(page)
    firm.send(page, f"{page}/vote/{made}/propose?year=2026", year="2026")
    firm.send(page, f"{page}/vote/{made}/withdraw?year=2026", 409, year="2026")
    assert versions(scene) == 1
