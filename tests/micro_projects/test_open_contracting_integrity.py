"""Each thing that a schema lets pass is caught, and nothing else is said of good data."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from community.micro_projects.open_contracting.canonical import Json, read_json, write_json
from community.micro_projects.open_contracting.extension import files, schema_patch
from community.micro_projects.open_contracting.integrity import (
    problems_between,
    problems_of_process,
)
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
from community.micro_projects.open_contracting.writing import instant
from tests.micro_projects.ocds_scene import (
    BARRED,
    DEADLINE,
    OCID,
    days,
    opened,
    releases_of,
    schema_folder,
    whole_story,
)

pytestmark = pytest.mark.once

Spoil = Callable[[list[Json]], object]
PUBLISHER = Publisher("桂花社区", "https://example.org/ocds", "https://example.org/extension.json")


def last(releases: list[Json], part: str) -> Any:
    """Give a part of the last release that tells it."""
    return next(each[part] for each in reversed(releases) if part in each)


def contract(releases: list[Json]) -> Any:
    return last(releases, "contracts")[0]


def done(releases: list[Json]) -> Any:
    return contract(releases)["implementation"]


def bid(releases: list[Json], number: int = 0) -> Any:
    return last(releases, "bids")["details"][number]


def award(releases: list[Json]) -> Any:
    return last(releases, "awards")[0]


def everywhere(releases: list[Json], name: str, value: object) -> None:
    """Write a field's value wherever the field stands."""

    def walk(part: object) -> None:
        if isinstance(part, dict):
            for key, inner in part.items():
                if key == name:
                    part[key] = value
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(releases)


def pay_again(releases: list[Json]) -> None:
    found = done(releases)["transactions"]
    found.append(found[0] | {"id": "p2"})


def award_the_disqualified(releases: list[Json]) -> None:
    award(releases)["relatedBid"] = "b3"
    award(releases)["suppliers"] = [{"id": BARRED.id, "name": BARRED.name}]
    award(releases)["value"]["amount"] = 70_000
    last(releases, "parties").append({"id": BARRED.id, "name": BARRED.name})


SPOILT: dict[str, tuple[Wrong, Spoil]] = {
    "award on a disqualified bid": (Wrong.AWARD_WITHOUT_VALID_BID, award_the_disqualified),
    "award to another than the bidder": (
        Wrong.AWARD_WITHOUT_VALID_BID,
        lambda told: award(told).update(relatedBid="b2"),
    ),
    "award without a bid": (
        Wrong.AWARD_WITHOUT_VALID_BID,
        lambda told: award(told).pop("relatedBid"),
    ),
    "award on no bid": (Wrong.DANGLING_ID, lambda told: award(told).update(relatedBid="b77")),
    "award before opening": (
        Wrong.AWARD_BEFORE_OPENING,
        lambda told: award(told).update(date=instant(days(9))),
    ),
    "award above its bid": (
        Wrong.AMOUNT,
        lambda told: award(told)["value"].update(amount=88_001),
    ),
    "overpayment": (Wrong.OVERPAID, pay_again),
    "a fen above the contract": (
        Wrong.OVERPAID,
        lambda told: done(told)["transactions"][0]["value"].update(amount=88_001),
    ),
    "payment for an unmet milestone": (
        Wrong.PAID_UNMET,
        lambda told: done(told)["milestones"][0].update(status="scheduled"),
    ),
    "payment before acceptance": (
        Wrong.PAID_UNMET,
        lambda told: done(told)["transactions"][0].update(date=instant(days(39))),
    ),
    "payment for no milestone": (
        Wrong.DANGLING_ID,
        lambda told: done(told)["transactions"][0].update(
            relatedImplementationMilestone={"id": "m9"}
        ),
    ),
    "instalments a fen short": (
        Wrong.INSTALMENTS,
        lambda told: done(told)["milestones"][1]["value"].update(amount=29_330),
    ),
    "contract above its award": (
        Wrong.CONTRACT_ABOVE_AWARD,
        lambda told: contract(told)["value"].update(amount=88_001),
    ),
    "contract of no award": (
        Wrong.DANGLING_ID,
        lambda told: contract(told).update(awardID="w9"),
    ),
    "contract while the award waits": (
        Wrong.CONTRACT_WITHOUT_AWARD,
        lambda told: award(told).update(status="pending"),
    ),
    "bid at the deadline": (
        Wrong.BID_OUTSIDE_PERIOD,
        lambda told: bid(told).update(date=instant(DEADLINE)),
    ),
    "bid in an early release": (
        Wrong.EARLY_BID,
        lambda told: told[0]["tender"].update(numberOfTenderers=3),
    ),
    "bids never opened": (
        Wrong.EARLY_BID,
        lambda told: [each["tender"].pop("bidOpening", 0) for each in told if "tender" in each],
    ),
    "dangling party": (Wrong.DANGLING_ID, lambda told: told[1]["parties"].pop()),
    "party without its part": (
        Wrong.MISSING_ROLE,
        lambda told: told[4]["parties"][0].update(roles=["buyer", "procuringEntity"]),
    ),
    "unknown key": (Wrong.UNKNOWN_KEY, lambda told: told[0]["tender"].update(titel="x")),
    "unknown key deep": (
        Wrong.UNKNOWN_KEY,
        lambda told: done(told)["milestones"][0]["value"].update(tax=3),
    ),
    "unknown bid status": (Wrong.UNKNOWN_CODE, lambda told: bid(told).update(status="lost")),
    "unknown tag": (Wrong.UNKNOWN_CODE, lambda told: told[0].update(tag=["news"])),
    "another currency": (Wrong.CURRENCY, lambda told: everywhere(told, "currency", "USD")),
    "half a fen": (
        Wrong.AMOUNT,
        lambda told: bid(told, 1)["value"].update(amount=read_json(b"0.005")),
    ),
    "repeated id": (
        Wrong.REPEATED_ID,
        lambda told: done(told)["milestones"].append(done(told)["milestones"][0]),
    ),
    "no id": (Wrong.MISSING_ID, lambda told: bid(told).pop("id")),
    "release twice": (Wrong.REPEATED_ID, lambda told: told.append(told[-1])),
    "out of order": (Wrong.ORDER, lambda told: told.reverse()),
    "two bids of one bidder": (
        Wrong.REPEATED_ID,
        lambda told: last(told, "bids")["details"].append(bid(told) | {"id": "b9"}),
    ),
    "an amendment half missing": (Wrong.MISSING_ID, lambda told: contract(told).pop("id")),
}


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
