"""Participatory budgets as files: the published ones where they are present, and small ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "pb"
WIELICZKA = FOLDER / "wieliczka_2023_green_budget.pb"

needs_published = pytest.mark.skipif(
    not WIELICZKA.exists(), reason="the published elections are not beside the repository"
)

APPROVAL = """META
key;value
description;A small one
budget;2500
num_projects;3
num_votes;4
vote_type;approval
rule;greedy
max_length;3
PROJECTS
project_id;cost;votes;name;selected
1;600;3;Bench;1
A-2;1800;2;"Swings; and a ""sandpit""\";1
7;1200;1;Lamp;0
VOTES
voter_id;age;vote
1;34;1,A-2
2;51;1
3;23;A-2,7
4;19;1
"""


def make(
    costs: Mapping[str, int | str],
    votes: Sequence[str],
    budget: int | str,
    vote_type: str = "approval",
    *,
    points: Sequence[str] = (),
    meta: str = "",
) -> str:
    """Write a file of the least it may hold."""
    rows = [f"{name};{cost}" for name, cost in costs.items()]
    cast = [
        f"{voter};{vote}" + (f";{points[voter]}" if points else "")
        for voter, vote in enumerate(votes)
    ]
    header = "voter_id;vote;points" if points else "voter_id;vote"
    head = ["META", "key;value", f"budget;{budget}", f"vote_type;{vote_type}", *meta.split("\n")]
    return "\n".join([*head, "PROJECTS", "project_id;cost", *rows, "VOTES", header, *cast, ""])
