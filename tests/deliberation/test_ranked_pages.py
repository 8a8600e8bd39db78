"""The result of a ranked vote told stage by stage: quota, transfers, exclusions, ties."""

from __future__ import annotations

import re

from flask import Flask

from community import deliberation
from community.deliberation import PollKind
from community.deliberation.tallies import Outcome
from community.deliberation.views.ranked_words import RankedResult, ranked_result
from community.kernel import db
from tests.deliberation.counting import rank, ranking, vote
from tests.deliberation.voting import decide, during, frozen, make_street, options

TITLES = {1: "甲", 2: "乙", 3: "丙", 4: "丁", 5: "戊"}
# Quota 8 of 22: the first is 3 over, each of 11 papers is worth 0.27272 of a vote.
GOLDEN = {(1, 2): 7, (1, 3): 3, (1,): 1, (2,): 2, (3,): 1, (4,): 1, (5,): 7}


def told(app: Flask, outcome: Outcome) -> RankedResult:
    with app.test_request_context("/"):
        return ranked_result(TITLES, outcome.as_plain())


def test_the_page_tells_a_golden_election_stage_by_stage(app: Flask) -> None:
    street = make_street(22)
    settings = {"rule": "stv_scottish", "seats": 2}
    poll_id = frozen(
        street,
        kind=PollKind.RANKED,
        title="推选两位楼长",
        options=options(*TITLES.values()),
        settings=settings,
    )
    papers = [ranking(*paper) for paper, times in GOLDEN.items() for _ in range(times)]
    with during(street, poll_id):
        for number, pairs in enumerate(papers):
            db.write(deliberation.cast_ballot, street.voter(number), poll_id, pairs)
    assert decide(street, poll_id).winners == (1, 5)
    page = app.test_client().get(f"/c/guihua/polls/{poll_id}/result").get_data(as_text=True)
    text = re.sub(r"<[^>]*>|\s+", " ", page)
    order = (
        "当选票数是 8 票：总票数 22 除以（名额加一），去掉小数，再加一。",
        "第 1 步",
        "甲达到当选票数，当选。",
        "第 2 步",
        "甲多出 3 票，转给各张票的下一位。",
        "+1.90904",
        "没有下一位可转的：0.27272 票。",
        "折算舍去的：0.00008 票。",
        "第 3 步",
        "丁票最少（1 票），淘汰；这些票转给下一位。",
    )
    places = [text.find(sentence) for sentence in order]
    assert -1 not in places, dict(zip(order, places, strict=True))
    assert places == sorted(places)
    assert "戊" in text[text.rindex("当选。") - 40 : text.rindex("当选。")]


def test_what_every_stage_shows_adds_up(app: Flask) -> None:
    for stage in told(app, rank(GOLDEN, seats=2, last=5)).stages:
        held = sum(_units(line.votes) for line in stage.lines)
        unused = sum(_units(each) for each in re.findall(r"：([\d.]+) 票", stage.unused))
        assert held + unused == 22 * 100_000


def test_a_tie_is_told_with_its_names_and_never_broken(app: Flask) -> None:
    result = told(app, rank({(1,): 10, (2,): 3, (3,): 3, (4,): 3}, seats=2, last=4))
    assert "乙、丙、丁票数相同" in result.ending[0]
    assert all("乙" not in said for stage in result.stages for said in stage.said)


def test_a_run_off_says_who_went_and_who_passed_half(app: Flask) -> None:
    ballots = [ranking(1, 2)] * 4 + [ranking(2, 1)] * 3 + [ranking(3, 2)] * 2
    first, second = told(app, vote("ranked", ballots, last=3)).stages
    assert first.said[-1] == "这一步没有人当选。"
    assert second.said == (
        "丙票最少（2 票），淘汰；这些票转给下一位。",
        "乙过半（5 票），当选。",
    )
    assert [line.change for line in second.lines] == ["", "+2", "−2"]


def test_seats_that_stay_empty_are_told(app: Flask) -> None:
    result = told(app, rank({(1,): 9, (2,): 1}, seats=4, last=2))
    assert "剩下的人不多于剩下的名额" in result.stages[-1].said[-1]
    assert result.ending == ("还有 2 个名额没有人当选。",)


def test_without_a_ballot_there_is_no_stage(app: Flask) -> None:
    result = told(app, rank({}, seats=2, last=3))
    assert (result.stages, result.rules) == ((), ())


def _units(votes: str) -> int:
    whole, _, part = votes.partition(".")
    return int(whole) * 100_000 + int((part or "0").ljust(5, "0"))
