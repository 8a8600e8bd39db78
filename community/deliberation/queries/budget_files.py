"""A decided participatory budget as a Pabulib file, for anybody to study or count again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from community.deliberation.errors.budget_files import NoBudget
from community.deliberation.queries import results
from community.deliberation.queries.polls import PollView, get_poll
from community.deliberation.tallies import PollKind
from community.deliberation.tallies.pabulib import write_pb
from community.kernel import clock
from community.kernel.actor import Actor

VOTE_TYPES = {"approval": "approval", "ranked": "ordinal", "points": "cumulative"}
RULE_WORDS = {"equal_shares": "equalshares", "greedy": "greedy"}


def pb_of(session: Session, actor: Actor, poll_id: int, unit: str) -> str:
    """Write a decided budget as a `.pb` file; voters are counted through, never named.

    Raises: PollNotFound, NotClosedYet, NoBudget.
    """
    poll = get_poll(session, actor.community_id, poll_id)
    if poll.kind is not PollKind.BUDGET:
        raise NoBudget
    told = results.recount_file(session, actor, poll_id)
    form = str(poll.settings["form"])
    ballots = [[(int(one), int(value)) for one, value in line[1]] for line in told["ballots"]]
    return write_pb(
        _meta(poll, unit, len(ballots)),
        _projects(poll, told["outcome"]),
        [_vote(number, pairs, form) for number, pairs in enumerate(ballots, start=1)],
    )


def _meta(poll: PollView, unit: str, votes: int) -> dict[str, str]:
    setting = poll.settings
    meta = {
        "description": poll.title,
        "country": "China",
        "unit": unit,
        "instance": f"{_day(poll)[-4:]}-{poll.id}",
        "num_projects": str(len(poll.options)),
        "num_votes": str(votes),
        "budget": _yuan(int(setting["budget"])),
        "vote_type": VOTE_TYPES[str(setting["form"])],
        "rule": _rule(setting),
        "date_begin": _day(poll),
        "date_end": poll.closes_at.astimezone(clock.SHANGHAI).strftime("%d.%m.%Y"),
        "language": "zh",
        "currency": "CNY",
    }
    if setting["most_projects"]:
        meta["max_length"] = str(setting["most_projects"])
    if setting["most_cost"]:
        meta["max_sum_cost"] = _yuan(int(setting["most_cost"]))
    if setting["form"] == "points":
        meta["max_sum_points"] = str(setting["points"] or 10**9)
    if int(setting["least_votes"]) > 1:
        meta["min_project_score_threshold"] = str(setting["least_votes"])
    rules = json.dumps(dict(setting), ensure_ascii=False, sort_keys=True)
    return {**meta, "comment": f"#1: settings, amounts in 0.01 CNY: {rules}"}


def _rule(setting: Mapping[str, int | str | bool]) -> str:
    rule = RULE_WORDS.get(str(setting["rule"]), str(setting["rule"]))
    if rule != "equalshares":
        return rule
    completion = "" if setting["completion"] == "none" else f"/{setting['completion']}"
    return f"{rule}{completion}{'' if setting['comparison'] == 'none' else '-comparison'}"


def _projects(poll: PollView, outcome: Mapping[str, Any]) -> list[dict[str, str]]:
    votes, scores = dict(outcome["facts"]["votes"]), dict(outcome["totals"])
    has_points = poll.settings["form"] != "approval"
    return [
        {
            "project_id": str(each.number),
            "cost": _yuan(each.cost_fen),
            "votes": str(votes[each.number]),
            **({"score": str(scores[each.number])} if has_points else {}),
            "name": each.title,
            "selected": "1" if each.number in outcome["winners"] else "0",
        }
        for each in poll.options
    ]


def _vote(number: int, pairs: Sequence[tuple[int, int]], form: str) -> dict[str, str]:
    """Write one ballot: ranks in their order, points from the most to the least."""
    order = sorted(pairs, key=lambda pair: (pair[1] if form == "ranked" else -pair[1], pair[0]))
    vote = {"voter_id": str(number), "vote": ",".join(str(one) for one, _ in order)}
    if form == "points":
        vote["points"] = ",".join(str(value) for _, value in order)
    return vote


def _day(poll: PollView) -> str:
    return poll.opens_at.astimezone(clock.SHANGHAI).strftime("%d.%m.%Y")


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}" if fen % 100 else str(fen // 100)
