"""Merging releases into a record, by the rules of OCDS 1.1 and from nothing but the releases.

The rules a field may carry are written here for the fields of our profile; tests compare the list
with the schema, and the results with the standard's own merging library.
Source: OCDS 1.1, Merging (omitWhenMerged, wholeListMerge, identifier merge, null removes).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from community.micro_projects.open_contracting.canonical import Json

OMITTED = frozenset({"id", "date", "tag"})
WHOLE_LISTS = frozenset(
    {
        "additionalClassifications",
        "additionalIdentifiers",
        "criteria",
        "numbers",
        "participationFees",
        "rationaleClassifications",
        # Our extension's own: a score that no longer counts leaves with the list it stood in.
        "scores",
    }
)


def in_order(releases: Iterable[Json]) -> list[Json]:
    """Put releases in the order of their dates; equal dates keep the order they came in."""
    return sorted(releases, key=lambda release: str(release["date"]))


def compile_release(releases: Sequence[Json]) -> Json:
    """Merge the releases of one process into what is true now."""
    merged: Json = {}
    last: Json = {}
    for last in in_order(releases):
        merge_into(merged, last, is_top=True)
    stamp = {"id": f"{last['ocid']}-{last['date']}", "date": last["date"], "tag": ["compiled"]}
    return merged | stamp


def compile_versions(releases: Sequence[Json]) -> Json:
    """Merge the releases of one process into every value each field ever had."""
    merged: Json = {}
    for release in in_order(releases):
        stamp = {
            "releaseID": release["id"],
            "releaseDate": release["date"],
            "releaseTag": release["tag"],
        }
        body = {key: value for key, value in release.items() if key not in {*OMITTED, "ocid"}}
        _version_object(merged, body, stamp)
        merged["ocid"] = release["ocid"]
    return merged


def is_list_of_objects(name: str, value: object) -> bool:
    """Tell whether an array's objects are merged one by one."""
    return (
        isinstance(value, list)
        and bool(value)
        and name not in WHOLE_LISTS
        and all(isinstance(each, dict) for each in value)
    )


def has_parts(name: str, value: object) -> bool:
    """Tell whether a value is merged part by part, so that null cannot take it away whole."""
    return isinstance(value, dict) or is_list_of_objects(name, value)


def merge_into(into: Json, change: Json, *, is_top: bool = False) -> None:
    """Merge a change into what was true before it."""
    for name, value in change.items():
        if is_top and name in OMITTED:
            continue
        if value is None:
            if not has_parts(name, into.get(name)):
                into.pop(name, None)
        elif isinstance(value, dict):
            if value:
                merge_into(_inside(into, name), value)
        elif is_list_of_objects(name, value):
            _merge_list(_elements(into, name), value)
        # An empty list says nothing, unless it replaces the whole.
        elif value != [] or name in WHOLE_LISTS:
            into[name] = value


def _merge_list(into: list[Json], changes: list[Json]) -> None:
    places = {each["id"]: each for each in into if "id" in each}
    for change in changes:
        found = places.get(change["id"]) if "id" in change else None
        if found is None:
            found = {}
            into.append(found)
            if "id" in change:
                places[change["id"]] = found
        merge_into(found, change)


def _version_object(into: Json, change: Json, stamp: Json) -> None:
    for name, value in change.items():
        if isinstance(value, dict):
            if value:
                _version_object(_inside(into, name), value, stamp)
        elif is_list_of_objects(name, value):
            _version_list(_elements(into, name), value, stamp)
        elif (value != [] or name in WHOLE_LISTS) and _is_versioned(into.get(name)):
            _add_version(into, name, value, stamp)


def _version_list(into: list[Json], changes: list[Json], stamp: Json) -> None:
    places = {each["id"]: each for each in into if "id" in each}
    for change in changes:
        found = places.get(change["id"]) if "id" in change else None
        if found is None:
            found = {"id": change["id"]} if "id" in change else {}
            into.append(found)
            if "id" in change:
                places[change["id"]] = found
        # What tells the element apart has no versions.
        _version_object(found, {k: v for k, v in change.items() if k != "id"}, stamp)


def _is_versioned(held: object) -> bool:
    """Tell a field's versions, or nothing yet, from an object or its list: null is not theirs."""
    return not held or (isinstance(held, list) and "releaseID" in held[-1])


def _add_version(into: Json, name: str, value: Any, stamp: Json) -> None:
    versions = into.setdefault(name, [])
    if not versions or versions[-1]["value"] != value:
        versions.append(stamp | {"value": value})


def _inside(into: Json, name: str) -> Json:
    found = into.get(name)
    if not isinstance(found, dict):
        found = into[name] = {}
    return found


def _elements(into: Json, name: str) -> list[Json]:
    found = into.get(name)
    if not isinstance(found, list):
        found = into[name] = []
    return found
