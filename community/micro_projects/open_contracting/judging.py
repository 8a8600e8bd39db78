"""Judging a heap of published files: ours or anybody's, packages or lines, with schemas or without.

Releases are gathered by process whatever file they came in; a record is compared with what its
releases merge into.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from community.micro_projects.open_contracting.canonical import (
    Json,
    NotCanonical,
    read_json,
    write_json,
)
from community.micro_projects.open_contracting.integrity import (
    problems_between,
    problems_of_process,
)
from community.micro_projects.open_contracting.merging import (
    compile_release,
    compile_versions,
    in_order,
)
from community.micro_projects.open_contracting.problems import Problem, Wrong
from community.micro_projects.open_contracting.schemas import RECORDS, RELEASE, RELEASES, Schemas

LINES = ".jsonl"
# What belongs to our extension is no data.
NO_DATA = frozenset({"extension.json", "release-schema.json"})


@dataclass(slots=True)
class Verdict:
    """What was read and what is wrong with it."""

    files: int = 0
    records: int = 0
    processes: dict[str, dict[str, Json]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def releases(self) -> int:
        """Count the releases read, each once."""
        return sum(len(each) for each in self.processes.values())


def judge(files: Iterable[tuple[str, bytes]], schemas: Schemas | None = None) -> Verdict:
    """Judge files, given as name and content; without schemas the format goes unchecked."""
    verdict = Verdict()
    records: list[Json] = []
    for name, content in files:
        if name.rpartition("/")[2] in NO_DATA:
            continue
        verdict.files += 1
        for place, value in _values(verdict, name, content):
            _take(verdict, records, value, place, schemas)
    compiled = {}
    for ocid, found in verdict.processes.items():
        releases = _sorted(found.values())
        verdict.problems += problems_of_process(releases)
        try:
            compiled[ocid] = compile_release(releases)
        except (KeyError, TypeError, AttributeError):
            continue  # named by the integrity check above
    verdict.problems += problems_between(compiled)
    for record in records:
        verdict.problems += _of_record(record, verdict.processes.get(str(record.get("ocid")), {}))
    verdict.records = len(records)
    verdict.problems = list(dict.fromkeys(verdict.problems))
    return verdict


def _values(verdict: Verdict, name: str, content: bytes) -> Iterator[tuple[str, Json]]:
    parts = content.splitlines() if name.endswith(LINES) else [content]
    for number, part in enumerate(parts, 1):
        place = f"{name}:{number}" if name.endswith(LINES) else name
        try:
            value = read_json(part)
        except (NotCanonical, RecursionError) as error:
            verdict.problems.append(
                Problem(Wrong.UNREADABLE, "", place, f"不是能读的 JSON：{error}")
            )
            continue
        if isinstance(value, dict):
            yield place, value
        else:
            verdict.problems.append(Problem(Wrong.UNREADABLE, "", place, "不是发布，也不是过程。"))


def _take(
    verdict: Verdict, records: list[Json], value: Json, place: str, schemas: Schemas | None
) -> None:
    if isinstance(value.get("records"), list):
        verdict.problems += schemas.problems(RECORDS, value) if schemas else []
        for each in value["records"]:
            _take_record(verdict, records, each, place, schemas)
    elif "ocid" in value and ("compiledRelease" in value or "releases" in value):
        _take_record(verdict, records, value, place, schemas)
    elif isinstance(value.get("releases"), list):
        verdict.problems += schemas.problems(RELEASES, value) if schemas else []
        for each in value["releases"]:
            _take_release(verdict, each, place, schemas)
    elif "ocid" in value:
        _take_release(verdict, value, place, schemas)
    else:
        verdict.problems.append(Problem(Wrong.UNREADABLE, "", place, "不是发布，也不是过程。"))


def _take_record(
    verdict: Verdict, records: list[Json], record: Any, place: str, schemas: Schemas | None
) -> None:
    if not isinstance(record, dict):
        verdict.problems.append(Problem(Wrong.UNREADABLE, "", place, "过程不是一组字段。"))
        return
    records.append(record)
    ocid = str(record.get("ocid", ""))
    for name in ("compiledRelease", "versionedRelease"):
        named = (record.get(name) or {}).get("ocid", ocid)
        if named != ocid:
            sentence = f"{place} 里这份记录的 {name} 属于另一个采购过程 {named}。"
            verdict.problems.append(Problem(Wrong.FOREIGN_OCID, ocid, f"/{name}", sentence))
    for each in record.get("releases") or []:
        # A record may also name its releases by their address alone.
        if isinstance(each, dict) and "ocid" in each:
            if each["ocid"] != ocid:
                sentence = f"{place} 里混进了另一个采购过程的发布 {each.get('id')}。"
                verdict.problems.append(Problem(Wrong.FOREIGN_OCID, ocid, "/releases", sentence))
            _take_release(verdict, each, place, schemas)


def _take_release(verdict: Verdict, release: Any, place: str, schemas: Schemas | None) -> None:
    if not isinstance(release, dict) or not isinstance(release.get("id"), str):
        verdict.problems.append(Problem(Wrong.UNREADABLE, "", place, "有一次发布没有编号。"))
        return
    ocid = str(release.get("ocid", ""))
    known = verdict.processes.setdefault(ocid, {})
    earlier = known.get(release["id"])
    if earlier is None:
        known[release["id"]] = release
        if schemas is not None:
            found = schemas.problems(RELEASE, release, ocid) + schemas.unknown_keys(release)
            verdict.problems += found
    elif write_json(earlier) != write_json(release):
        verdict.problems.append(
            Problem(
                Wrong.REPEATED_ID, ocid, place, f"发布 {release['id']} 有两种内容，发布后不能改。"
            )
        )


def _of_record(record: Json, releases: dict[str, Json]) -> Iterator[Problem]:
    ocid = str(record.get("ocid", ""))
    if not releases:
        return
    told = _sorted(releases.values())
    for name, merge in (
        ("compiledRelease", compile_release),
        ("versionedRelease", compile_versions),
    ):
        if name not in record:
            continue
        try:
            is_same = write_json(merge(told)) == write_json(record[name])
        except (KeyError, TypeError, AttributeError):
            is_same = False
        if not is_same:
            yield Problem(Wrong.RECORD, ocid, f"/{name}", "和历次发布合并的结果不一样。")


def _sorted(releases: Iterable[Json]) -> list[Json]:
    found = list(releases)
    return in_order(found) if all("date" in each for each in found) else found
