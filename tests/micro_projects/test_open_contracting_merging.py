"""Releases merged by us are what the standard's own library makes of them."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from community.micro_projects.open_contracting.canonical import (
    Json,
    NotCanonical,
    fen_of,
    read_json,
    write_json,
    yuan,
)
from community.micro_projects.open_contracting.changes import changed_parts
from community.micro_projects.open_contracting.extension import schema_patch
from community.micro_projects.open_contracting.merging import (
    OMITTED,
    WHOLE_LISTS,
    compile_release,
    compile_versions,
    merge_into,
)
from community.micro_projects.open_contracting.writing import write_process
from tests.micro_projects.ocds_scene import STEPS, releases_of, schema_folder, whole_story

pytestmark = pytest.mark.once

ORACLE = Path(sys.prefix) / "oracles/bin/python"
MERGE = """
import json, sys
from ocdsmerge import Merger
schema, releases = json.load(sys.stdin)
merger = Merger(schema)
print(json.dumps([merger.create_compiled_release(releases),
                  merger.create_versioned_release(releases)]))
"""


def odd_releases() -> list[Json]:
    """Releases that use each rule: null, whole lists, empty lists, ids that come and change."""
    stamp = {"ocid": "x-1", "initiationType": "tender"}
    return [
        stamp
        | {
            "id": "1",
            "date": "2026-01-01T00:00:00Z",
            "tag": ["tender"],
            "parties": [
                {"id": "a", "name": "甲", "roles": ["buyer"]},
                {"id": "b", "additionalIdentifiers": [{"id": "1"}, {"id": "2"}]},
            ],
            "tender": {
                "id": "t",
                "title": "旧",
                "submissionMethod": ["written", "inPerson"],
                "documents": [{"id": "d", "title": "文件"}],
                "participationFees": [{"id": "f"}],
                "value": {"amount": 3, "currency": "CNY"},
            },
        },
        stamp
        | {
            "id": "3",
            "date": "2026-01-03T00:00:00Z",
            "tag": ["tenderUpdate"],
            "parties": [{"id": "c"}, {"id": "a", "roles": ["buyer", "payer"], "name": None}],
            "tender": {"id": "t2", "participationFees": [], "documents": [], "value": {}},
            "bids": {"details": [{"id": "b", "scores": [{"id": "2", "points": 4}]}]},
        },
        stamp
        | {
            "id": "2",
            "date": "2026-01-02T00:00:00Z",
            "tag": ["tenderAmendment"],
            "parties": [{"id": "b", "additionalIdentifiers": [{"id": "9"}]}],
            "tender": {"title": None, "documents": [{"id": "e"}, {"id": "d", "title": "新"}]},
            "bids": {"details": [{"id": "b", "scores": [{"id": "1"}, {"id": "2", "points": 3}]}]},
        },
        stamp
        | {
            "id": "4",
            "date": "2026-01-04T00:00:00Z",
            "tag": ["tenderUpdate"],
            "tender": {"value": None, "documents": None, "submissionMethod": None, "status": None},
        },
    ]


def extended_schema() -> Json:
    """The standard's schema with what our extension adds."""
    schema: Json = json.loads((schema_folder() / "profile/release-schema.json").read_bytes())
    for name, added in schema_patch()["definitions"].items():
        held = schema["definitions"].setdefault(name, {"properties": {}})
        held["properties"] |= added["properties"]
    return schema


@pytest.mark.parametrize("releases", [odd_releases(), whole_story()], ids=["odd", "story"])
def test_merging_agrees_with_the_standards_library(releases: list[Json]) -> None:
    assert ORACLE.exists(), "run: make test, or .ci/setup oracles"
    schema = extended_schema()
    # Whole numbers of fen compare exactly on both sides.
    plain = json.loads(write_json(releases))
    done = subprocess.run(
        [str(ORACLE), "-c", MERGE],
        input=json.dumps([schema, plain]),
        capture_output=True,
        text=True,
        check=True,
    )
    compiled, versioned = json.loads(done.stdout)
    assert json.loads(write_json(compile_release(releases))) == compiled
    assert json.loads(write_json(compile_versions(releases))) == versioned


def test_the_rules_of_merging_are_the_schemas() -> None:
    schema = extended_schema()
    found: dict[str, set[str]] = {"wholeListMerge": set(), "omitWhenMerged": set()}
    otherwise: set[str] = set()

    def walk(value: object) -> None:
        for name, each in value.items() if isinstance(value, dict) else ():
            if name == "properties" and isinstance(each, dict):
                for field, inner in each.items():
                    rules = [rule for rule in found if inner.get(rule)]
                    for rule in rules:
                        found[rule].add(field)
                    if not rules and inner.get("type") == "array" and "$ref" in inner["items"]:
                        otherwise.add(field)
            walk(each)

    walk(schema)
    assert found["wholeListMerge"] == WHOLE_LISTS
    assert found["omitWhenMerged"] == OMITTED
    assert not otherwise & WHOLE_LISTS


def test_what_is_published_merges_into_what_is_true() -> None:
    for count in range(1, len(STEPS) + 1):
        steps = [(day, step()) for day, step in STEPS[:count]]
        compiled = compile_release(releases_of(*steps))
        now = read_json(write_json(write_process(steps[-1][1])))
        assert {k: v for k, v in compiled.items() if k in now} == now
        assert set(compiled) - set(now) == {"id", "date", "tag", "ocid"}


def test_a_field_that_vanished_is_null_and_merges_away() -> None:
    before = {"tender": {"id": "t", "title": "旧", "value": {"amount": 1}}, "parties": []}
    now = {"tender": {"id": "t", "value": {}}, "parties": []}
    parts = changed_parts(before, now)
    assert parts["tender"] == {"id": "t", "title": None, "value": {"amount": None}}


def test_what_was_published_of_a_list_stays_and_is_not_said_again() -> None:
    files = [{"id": "f", "title": "图纸"}]
    told = {"id": "b", "rank": 1, "value": {"amount": 1}, "documents": files}
    before: Json = {"bids": {"details": [told]}, "parties": []}
    now: Json = {"bids": {"details": [{"id": "b", "status": "disqualified"}]}, "parties": []}
    parts = changed_parts(before, now)
    (said,) = parts["bids"]["details"]
    assert said == {"id": "b", "status": "disqualified", "rank": None, "value": {"amount": None}}
    merge_into(before, {"bids": parts["bids"]})
    assert before["bids"]["details"][0]["documents"] == files
    assert changed_parts(before, now) == {}


def test_a_score_that_no_longer_counts_is_gone() -> None:
    scores = [{"id": "1", "points": 5}, {"id": "2", "points": 6}]
    before: Json = {"bids": {"details": [{"id": "b", "scores": scores}]}, "parties": []}
    now: Json = {"bids": {"details": [{"id": "b", "scores": scores[1:]}]}, "parties": []}
    merge_into(before, {"bids": changed_parts(before, now)["bids"]})
    assert before["bids"]["details"][0]["scores"] == [{"id": "2", "points": 6}]
    assert changed_parts(before, now) == {}
    none: Json = {"bids": {"details": [{"id": "b"}]}, "parties": []}
    merge_into(before, {"bids": changed_parts(before, none)["bids"]})
    assert before["bids"]["details"] == [{"id": "b"}]


def test_nothing_new_is_no_release() -> None:
    step = STEPS[0][1]()
    assert len(releases_of((0, step), (1, step))) == 1


def test_tags_tell_what_each_release_adds() -> None:
    assert [each["tag"] for each in whole_story()] == [
        ["planning", "tender"],
        ["tenderAmendment"],
        ["tenderUpdate", "award"],
        ["contract", "implementation"],
        ["implementationUpdate"],
    ]


def test_amounts_are_exact_and_have_one_spelling() -> None:
    assert write_json([yuan(9_500_000), yuan(2_933_050), yuan(1), 3]) == b"[95000,29330.5,0.01,3]"
    assert read_json(b"[0.1, 29330.5]") == [Decimal("0.1"), Decimal("29330.5")]
    assert fen_of(Decimal("0.10")) == 10
    assert fen_of(Decimal("0.001")) is None
    assert fen_of(True) is None
    with pytest.raises(NotCanonical):
        write_json(Decimal("NaN"))
    with pytest.raises(NotCanonical):
        read_json(b"[NaN]")


def test_text_cannot_pass_for_a_number() -> None:
    process = STEPS[0][1]()
    told = write_json({"title": write_process(process)["title"], "a": "\\u00011"})
    assert json.loads(told)["a"] == "\\u00011"
