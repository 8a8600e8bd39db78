"""Random budgets counted by pabutools too, in a process of its own.

pabutools is under the GPL: it lives in an environment of its own (`requirements-oracles.lock`),
and nothing here imports it. It breaks ties by name, so only counts without a tie are compared.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

from community.deliberation.tallies.pabulib import read_pb
from community.deliberation.tallies.pb_counting import count_pb
from tests.deliberation.pb_files import make

ORACLE = Path(sys.prefix) / "oracles/bin/python"
COUNT = """
import json, pathlib, sys
from pabutools.election import Additive_Cardinal_Sat, Cardinality_Sat, Cost_Sat, parse_pabulib
from pabutools.rules import method_of_equal_shares
answers = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.pb")):
    instance, profile = parse_pabulib(str(path))
    points = instance.meta["vote_type"] == "cumulative"
    kinds = {"points": Additive_Cardinal_Sat} if points else {
        "cost": Cost_Sat, "cardinality": Cardinality_Sat}
    for name, kind in kinds.items():
        for step in (None, 1):
            bought = method_of_equal_shares(
                instance, profile, sat_class=kind, voter_budget_increment=step)
            answers[f"{path.name} {name} {step or 0}"] = sorted(each.name for each in bought)
print(json.dumps(answers))
"""
FILES = 40


def invent(number: int) -> str:
    """Write a budget of a dozen voters, by approvals or by points in turn."""
    chance = random.Random(number)
    costs = {f"p{one}": chance.randrange(20, 200) for one in range(chance.randrange(3, 9))}
    wanted = [chance.sample(list(costs), chance.randrange(1, len(costs))) for _ in range(12)]
    votes = [",".join(one) for one in wanted]
    budget = sum(costs.values()) // 2
    if number % 3:
        return make(costs, votes, budget, meta="description;invented")
    points = [",".join(str(chance.randrange(1, 30)) for _ in one) for one in wanted]
    meta = "description;invented\nmax_sum_points;1000"
    return make(costs, votes, budget, "cumulative", points=points, meta=meta)


def test_equal_shares_buys_what_pabutools_buys(tmp_path: Path) -> None:
    assert ORACLE.exists(), "run: make test, or .ci/setup oracles"
    files = {f"{number:02d}.pb": invent(number) for number in range(FILES)}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [str(ORACLE), "-c", COUNT, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    compared, differ = 0, {}
    for asked, theirs in json.loads(done.stdout).items():
        name, utility, step = asked.split()
        setting: dict[str, str] = {"rule": "equal_shares", "utility": utility}
        # It stops at the first exhaustive outcome.
        setting |= {"completion": "add1" if int(step) else "none", "stop": "first_exhaustive"}
        ours = count_pb(read_pb(files[name].encode()), setting)
        if not ours.tie:
            compared += 1
            if sorted(ours.winners) != theirs:
                differ[asked] = (sorted(ours.winners), theirs)
    assert not differ
    assert compared >= FILES
