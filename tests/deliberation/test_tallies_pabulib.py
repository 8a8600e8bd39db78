"""Pabulib's files: every vote type, the odd ways they are written, and what is refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from community.deliberation.errors.budget_files import UNREADABLE_BUDGETS
from community.deliberation.tallies import BallotForm
from community.deliberation.tallies.pabulib import BadFile, PbFile, read_pb, write_pb
from community.deliberation.tallies.pb_counting import amount_text, count_pb
from tests.deliberation.pb_files import APPROVAL, WIELICZKA, make, needs_published

COSTS = {"1": 10, "2": 20, "x-3": 30}


def read(text: str) -> PbFile:
    return read_pb(text.encode())


def test_an_approval_file_is_read_with_its_quotes() -> None:
    file = read(APPROVAL)
    assert [one.project_id for one in file.projects] == ["1", "A-2", "7"]
    assert file.projects[1].name == 'Swings; and a "sandpit"'
    assert [one.is_selected for one in file.projects] == [True, True, False]
    assert file.ballots == (((1, 1), (2, 1)), ((1, 1),), ((2, 1), (3, 1)), ((1, 1),))
    assert file.budget == 2500
    assert not file.warnings


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace(";", " ; "), id="spaces"),
        pytest.param(lambda text: text.replace("\n", "\n\n") + "\n\n", id="blank lines"),
        pytest.param(lambda text: text.rstrip("\n"), id="no last line end"),
        pytest.param(lambda text: text.replace("META", "meta"), id="small title"),
        pytest.param(lambda text: text.replace("vote_type;", "Vote_Type;"), id="other case"),
        pytest.param(lambda text: text.replace("rule;greedy", "rule: greedy"), id="colon"),
    ],
)
def test_however_it_is_written_it_is_the_same(turn: Callable[[str], str]) -> None:
    plain, turned = read(APPROVAL), read(turn(APPROVAL))
    assert turned.ballots == plain.ballots
    assert turned.budget == plain.budget
    facts = [(one.project_id, one.cost, one.is_selected) for one in plain.projects]
    assert [(one.project_id, one.cost, one.is_selected) for one in turned.projects] == facts


def test_a_name_with_stray_quotes_is_read_as_it_stands() -> None:
    file = read(APPROVAL.replace("Bench", '"Konik" i plac').replace("Lamp", 'La"mp'))
    assert [one.name for one in file.projects][::2] == ["Konik i plac", 'La"mp']
    assert len(file.ballots) == 4


def test_utf_16_is_read_and_what_is_no_text_is_refused() -> None:
    assert len(read_pb(APPROVAL.encode("utf-16")).ballots) == 4
    for content in (b"\xff\x00\xfe", b"\x80\x81", b"META\x00", b"PK\x03\x04" + bytes(200)):
        with pytest.raises(BadFile, match="not_text"):
            read_pb(content)


def test_choose_one_is_an_approval_of_one() -> None:
    file = read(make(COSTS, ["1", "x-3", "1"], 30, "choose-1"))
    assert (file.form, file.ballots) == (BallotForm.APPROVAL, (((1, 1),), ((3, 1),), ((1, 1),)))
    assert count_pb(file, {"rule": "greedy"}).winners == ("1",)


def test_an_ordinal_vote_gives_borda_points_up_to_its_length() -> None:
    file = read(make(COSTS, ["2,1", "2", "1,2"], 20, "ordinal", meta="max_length;2"))
    counted = count_pb(file, {"rule": "greedy"})
    assert counted.outcome.totals == ((1, 3), (2, 5), (3, 0))
    assert counted.winners == ("2",)


def test_cumulative_points_may_have_decimals() -> None:
    points = ["2.5,0.5", "3", "1,0"]
    file = read(make(COSTS, ["1,2", "2", "1,x-3"], 30, "cumulative", points=points))
    assert file.points_scale == 10
    assert file.ballots[2] == ((1, 10),)
    counted = count_pb(file, {"rule": "greedy"})
    assert [amount_text(score, 10) for _, score in counted.outcome.totals] == ["3.5", "3.5", 0]


def test_scoring_counts_what_is_left_out_by_default_and_takes_from_below_nothing() -> None:
    points = ["5,-2", "1"]
    file = read(make(COSTS, ["1,2", "2"], 60, "scoring", points=points, meta="default_score;1"))
    counted = count_pb(file, {"rule": "greedy"})
    assert counted.outcome.totals == ((1, 6), (2, -1), (3, 2))
    assert counted.winners == ("1", "x-3")
    for utility in ("cost", "cardinality", "points"):
        shared = count_pb(file, {"rule": "equal_shares", "utility": utility})
        assert set(shared.winners) <= {"1", "2", "x-3"}
        assert not shared.tie


def test_money_may_have_decimals_and_stays_exact() -> None:
    file = read(make({"1": "10.10", "2": "20,2", "3": "0.3"}, ["1,2,3"], "30.60"))
    counted = count_pb(file, {"rule": "greedy"})
    assert (counted.spent, counted.budget) == ("30.6", "30.6")
    assert len(counted.winners) == 3


def test_a_project_below_the_files_threshold_is_not_bought() -> None:
    file = read(make(COSTS, ["1,2", "1"], 60, meta="min_project_score_threshold;2"))
    assert count_pb(file, {"rule": "greedy"}).winners == ("1",)


def test_an_empty_vote_still_has_a_purse() -> None:
    file = read(make({"1": 10}, ["1", ""], 10))
    assert len(file.ballots) == 2
    assert count_pb(file, {"rule": "equal_shares", "completion": "none"}).winners == ()


def test_oddities_are_read_and_told() -> None:
    text = make(COSTS, ["1,1", "2"], 30, meta="num_votes;3\nbudget_per_category;5").replace(
        "1;2\n", "0;2\n"
    )
    assert [(one.code, one.facts.get("line", 0)) for one in read(text).warnings] == [
        ("project_twice_in_vote", 14),
        ("voter_twice", 15),
        ("other_count", 0),
        ("not_heeded", 0),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("META\n", "", "no_section"),
        ("PROJECTS\n", "", "no_section"),
        ("VOTES\n", "", "no_section"),
        ("PROJECTS\n", "VOTES\n", "section_twice"),
        ("budget;2500\n", "", "no_meta"),
        ("vote_type;approval\n", "", "no_meta"),
        ("vote_type;approval", "vote_type;guessing", "unknown_vote_type"),
        ("vote_type;approval", "vote_type;scoring", "no_column"),
        ("project_id;cost", "project;cost", "no_column"),
        ("age;vote", "age;votes", "no_column"),
        ("budget;2500", "budget;much", "bad_number"),
        ("budget;2500", "budget;1e400", "bad_number"),
        ("budget;2500", "budget;NaN", "bad_number"),
        ("budget;2500", "budget;-1", "negative_number"),
        ("1;600", "1;", "bad_number"),
        ("1;600", "1;-600", "negative_number"),
        ("7;1200", "1;1200", "project_twice"),
        ("7;1200", ";1200", "project_twice"),
        ("2;51;1\n", "2;51;9\n", "unknown_project"),
    ],
)
def test_a_bad_file_is_refused_for_its_reason(old: str, new: str, code: str) -> None:
    assert old in APPROVAL
    with pytest.raises(BadFile) as refused:
        read(APPROVAL.replace(old, new, 1))
    assert refused.value.code == code
    sentence = str(UNREADABLE_BUDGETS[code](**refused.value.facts))
    assert "{" not in sentence


@pytest.mark.parametrize(
    ("vote", "points", "code"),
    [("1,2", "5", "points_do_not_match"), ("1,1", "2,3", "project_twice_in_vote")],
)
def test_a_bad_vote_is_refused_for_its_reason(vote: str, points: str, code: str) -> None:
    with pytest.raises(BadFile, match=code) as refused:
        read(make(COSTS, [vote], 30, "cumulative", points=[points]))
    assert "{" not in str(UNREADABLE_BUDGETS[code](**refused.value.facts))


def test_a_file_without_projects_is_refused() -> None:
    with pytest.raises(BadFile, match="no_projects"):
        read(make({}, [], 30))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    for whole in (content, APPROVAL.encode()[:150] + content, APPROVAL.encode() + content):
        assert code_of(whole) in {"", *UNREADABLE_BUDGETS}


def code_of(content: bytes) -> str:
    try:
        read_pb(content)
    except BadFile as refused:
        return refused.code
    return ""


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@given(st.lists(st.tuples(names, st.integers(0, 9999)), min_size=1, max_size=5), st.data())
def test_what_is_written_is_read_back(made: list[tuple[str, int]], data: st.DataObject) -> None:
    projects = [
        {"project_id": str(number), "cost": str(cost), "name": name}
        for number, (name, cost) in enumerate(made, start=1)
    ]
    ids = [one["project_id"] for one in projects]
    cast = data.draw(st.lists(st.lists(st.sampled_from(ids), unique=True), max_size=5))
    votes = [
        {"voter_id": str(voter), "vote": ",".join(vote)} for voter, vote in enumerate(cast, start=1)
    ]
    meta = {"description": made[0][0], "budget": "500", "vote_type": "ordinal"}
    file = read(write_pb(meta, projects, votes))
    assert [one.name for one in file.projects] == [" ".join(name.split()) for name, _ in made]
    assert [int(one.cost) for one in file.projects] == [cost for _, cost in made]
    assert [[str(number) for number, _ in ballot] for ballot in file.ballots] == cast
    assert not file.warnings


# --- at the terminal ------------------------------------------------------------------------------


def run(app: Flask, file: Path, *words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["poll", "count-pb", str(file), *words])
    return done.exit_code, done.output


def test_the_command_prints_winners_and_money(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "small.pb"
    file.write_text(APPROVAL, encoding="utf-8")
    code, output = run(app, file, "--rule", "greedy", "--json")
    answer = json.loads(output)
    assert (code, answer["winners"], answer["spent"], answer["left"]) == (
        0,
        ["1", "A-2"],
        2400,
        100,
    )
    assert (answer["tie"], answer["agrees"], answer["warnings"]) == ([], True, [])
    code, output = run(app, file, "--rule", "equal-shares", "--completion", "add1u")
    assert code == 0
    assert "Bench" in output


def test_the_command_tells_a_tie_and_draws_nothing(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "tied.pb"
    file.write_text(make({"a": 20, "b": 20}, ["a", "b"], 30), encoding="utf-8")
    code, output = run(app, file, "--rule", "greedy", "--json")
    answer = json.loads(output)
    assert (code, answer["winners"], answer["tie"]) == (0, [], ["a", "b"])
    assert "并列" in run(app, file, "--rule", "greedy")[1]


def test_the_command_refuses_a_bad_file_with_a_sentence(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "bad.pb"
    file.write_text(APPROVAL.replace("2;51;1\n", "2;51;9\n"), encoding="utf-8")
    code, output = run(app, file, "--rule", "greedy")
    assert (code, output.strip()) == (2, "第 18 行：选票里的项目“9”不在项目表里。")
    code, output = run(app, file, "--rule", "greedy", "--json")
    assert (code, json.loads(output)["error"]) == (2, "unknown_project")
    assert run(app, file, "--rule", "lottery")[0] == 2
    assert run(app, tmp_path / "absent.pb", "--rule", "greedy")[0] == 2


@needs_published
def test_the_command_counts_the_published_election(app: Flask) -> None:
    code, output = run(app, WIELICZKA, "--rule", "equal-shares", "--json")
    answer = json.loads(output)
    assert (code, len(answer["winners"]), answer["spent"]) == (0, 30, 995_079)
    assert answer["agrees"] is True


def test_remarks_between_the_tables_are_passed_over() -> None:
    plain = make({"1": 60, "2": 40}, ["1,2"], 100)
    remarked = "# counted in May\n" + plain.replace("PROJECTS", "# the list\nPROJECTS")
    assert read_pb(remarked.encode()).projects == read_pb(plain.encode()).projects
