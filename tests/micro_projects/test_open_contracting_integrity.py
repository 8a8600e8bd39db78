"""Each thing that a schema lets pass is caught, and nothing else is said of good data."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from community.micro_projects.open_contracting.canonical import read_json, write_json
from community.micro_projects.open_contracting.extension import files, schema_patch
from community.micro_projects.open_contracting.integrity import (
    problems_between,
    problems_of_process,
)
from community.micro_projects.open_contracting.judging import judge
from community.micro_projects.open_contracting.merging import compile_release
from community.micro_projects.open_contracting.packages import (
    Publisher,
    record_package,
    release_package,
    write_record,
)
from community.micro_projects.open_contracting.problems import Wrong
from community.micro_projects.open_contracting.profile import CODES, PLAIN, RELEASE, TAGS, Shape
from community.micro_projects.open_contracting.schemas import (
    RECORDS,
    RELEASES,
    SchemasMissing,
    schemas_of,
)
from community.micro_projects.open_contracting.schemas import RELEASE as RELEASE_SCHEMA
from tests.micro_projects.ocds_mistakes import ALLOWED, SPOILT, bid, everywhere
from tests.micro_projects.ocds_scene import (
    DEADLINE,
    OCID,
    days,
    opened,
    releases_of,
    schema_folder,
    whole_story,
)

pytestmark = pytest.mark.once

PUBLISHER = Publisher("桂花社区", "https://example.org/ocds", "https://example.org/extension.json")


def test_good_data_has_no_problem() -> None:
    assert problems_of_process(whole_story()) == []


@pytest.mark.parametrize("name", SPOILT)
def test_each_mistake_is_named(name: str) -> None:
    kind, spoil = SPOILT[name]
    told = copy.deepcopy(whole_story())
    spoil(told)
    found = problems_of_process(told)
    assert kind in {each.kind for each in found}, found
    assert all(each.sentence for each in found)


@pytest.mark.parametrize("name", ALLOWED)
def test_what_may_well_be_is_not_named(name: str) -> None:
    told = copy.deepcopy(whole_story())
    ALLOWED[name](told)
    judged = {
        Wrong.TWO_AWARDS,
        Wrong.TWO_CONTRACTS,
        Wrong.CONTRACT_ABOVE_AWARD,
        Wrong.SIGNED_BEFORE_AWARD,
        Wrong.EMPTIED,
    }
    assert [each for each in problems_of_process(told) if each.kind in judged] == []


def test_a_bid_withdrawn_may_be_counted_or_not() -> None:
    told = copy.deepcopy(whole_story())
    bid(told, 2).update(status="withdrawn")
    for each in told:
        each.get("tender", {}).pop("tenderers", None)
    assert problems_of_process(told) == []
    everywhere(told, "numberOfTenderers", 2)
    assert problems_of_process(told) == []


def test_a_record_with_releases_of_another_process_is_named() -> None:
    told = whole_story()
    record = {"ocid": OCID, "releases": [*told, told[0] | {"ocid": f"{OCID}9"}]}
    found = judge([("records.json", write_json({"records": [record]}))]).problems
    assert {(each.kind, each.ocid) for each in found} == {(Wrong.FOREIGN_OCID, OCID)}
    whole = {"ocid": OCID, "compiledRelease": compile_release(told) | {"ocid": f"{OCID}9"}}
    found = judge([("record.json", write_json(whole))]).problems
    assert {each.kind for each in found} == {Wrong.FOREIGN_OCID}


def test_an_instant_before_the_deadline_is_in_time() -> None:
    process = opened()
    late = replace(process.bids[0], submitted_at=DEADLINE - (days(1) - days(0)) / 86_400_000_000)
    told = releases_of((11, replace(process, bids=(late, *process.bids[1:]))))
    assert told[0]["bids"]["details"][0]["date"].endswith("00:59:59.999999Z")
    assert problems_of_process(told) == []


def test_a_related_process_that_is_not_there_is_named() -> None:
    compiled = compile_release(whole_story())
    compiled["relatedProcesses"] = [{"id": "1", "identifier": "ocds-213czf-none"}]
    (found,) = problems_between({OCID: compiled})
    assert found.kind is Wrong.DANGLING_ID


def test_every_step_follows_the_standard() -> None:
    schemas = schemas_of(schema_folder())
    told = whole_story()
    for release in told:
        assert schemas.problems(RELEASE_SCHEMA, release) == []
        assert schemas.unknown_keys(release) == []
    content = [write_json(each) for each in told]
    at = told[-1]["date"]
    package = read_json(release_package(PUBLISHER, at, content))
    assert schemas.problems(RELEASES, package) == []
    records = read_json(record_package(PUBLISHER, at, [write_record(OCID, content)]))
    assert schemas.problems(RECORDS, records) == []
    assert records["records"][0]["compiledRelease"]["tag"] == ["compiled"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("date", "2026-13-45"), ("date", "2026-03-02"), ("sha256", "AB"), ("amount", "1")],
)
def test_formats_are_checked(name: str, value: str) -> None:
    told = whole_story()
    everywhere(told, name, value)
    schemas = schemas_of(schema_folder())
    assert any(schemas.problems(RELEASE_SCHEMA, each) for each in told)


def test_what_the_schema_does_not_know_is_named() -> None:
    told = whole_story()[0]
    told["tender"]["value"]["tax"] = 3
    (found,) = schemas_of(schema_folder()).unknown_keys(told)
    assert found.place == "/tender/value/tax"


def test_our_profile_is_part_of_the_standard() -> None:
    schemas = schemas_of(schema_folder())

    def one_of_each(shape: Shape) -> object:
        return {name: one_of_each(inner) for name, inner in shape.items()} if shape else 1

    whole = one_of_each(RELEASE)
    assert isinstance(whole, dict)
    assert schemas.unknown_keys(whole) == []
    assert PLAIN == {}


def test_our_codes_are_the_standards() -> None:
    schema = schemas_of(schema_folder()).release

    def enum_of(path: str) -> set[str]:
        found = schema
        for name in path.split("."):
            while "$ref" in found or "items" in found:
                found = found.get("items") or schema["definitions"][found["$ref"].split("/")[-1]]
            found = found["properties"][name]
        return {each for each in found.get("enum") or found["items"]["enum"] if each}

    for path, codes in CODES.items():
        if path != "parties.roles":
            assert codes <= enum_of(path), path
    assert enum_of("tag") == TAGS


def test_the_extension_names_its_files() -> None:
    told = files()
    description = read_json(told["extension.json"])
    listed = {f"codelists/{each}" for each in description["codelists"]}
    assert listed == {name for name in told if name.startswith("codelists/")}
    assert read_json(told["release-schema.json"]) == schema_patch()
    assert b"upheld" in told["codelists/complaintStatus.csv"]


def test_a_folder_without_schemas_says_so(tmp_path: Any) -> None:
    with pytest.raises(SchemasMissing, match="release-schema"):
        schemas_of(tmp_path)
