"""The form of one release: known fields and codes, one currency, ids that are there and single."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from community.micro_projects.open_contracting.canonical import Json, fen_of
from community.micro_projects.open_contracting.changes import named_parties
from community.micro_projects.open_contracting.merging import is_list_of_objects
from community.micro_projects.open_contracting.problems import Problem, Wrong
from community.micro_projects.open_contracting.profile import CODES, RELEASE, TAGS, VALUE, Shape
from community.micro_projects.open_contracting.writing import CURRENCY


def problems_of_form(release: Json) -> list[Problem]:
    """List what is wrong with a release, or a compiled one, by itself."""
    found = [*_walk(str(release.get("ocid", "")), release, RELEASE, "", "")]
    return [*found, *_tags(release), *_parties(release)]


def _walk(ocid: str, value: Json, shape: Shape, place: str, name: str) -> Iterator[Problem]:
    if shape is VALUE:
        yield from _money(ocid, value, place)
    for key, inner in value.items():
        here, path = f"{place}/{key}", f"{name}.{key}" if name else key
        if key not in shape:
            yield Problem(Wrong.UNKNOWN_KEY, ocid, here, f"字段 {key} 不在标准和本站的扩展里。")
        elif isinstance(inner, dict):
            if not shape[key]:
                yield Problem(Wrong.UNKNOWN_KEY, ocid, here, f"{key} 应是一个值，却是一组字段。")
            else:
                yield from _walk(ocid, inner, shape[key], here, path)
        elif is_list_of_objects("", inner):
            if "id" in shape[key] or is_list_of_objects(key, inner):
                yield from _list(ocid, inner, shape[key], here, path)
            else:
                yield from _plain_list(ocid, inner, shape[key], here, path)
        else:
            yield from _codes(ocid, inner, here, path)


def _plain_list(
    ocid: str, values: list[Json], shape: Shape, place: str, path: str
) -> Iterator[Problem]:
    for number, each in enumerate(values):
        yield from _walk(ocid, each, shape, f"{place}/{number}", path)


def _list(ocid: str, values: list[Json], shape: Shape, place: str, path: str) -> Iterator[Problem]:
    seen: set[Any] = set()
    for number, each in enumerate(values):
        here = f"{place}/{number}"
        if "id" not in each:
            yield Problem(Wrong.MISSING_ID, ocid, here, "列表里的一项没有编号。")
        elif each["id"] in seen:
            yield Problem(Wrong.REPEATED_ID, ocid, here, f"编号 {each['id']} 出现了两次。")
        else:
            seen.add(each["id"])
        yield from _walk(ocid, each, shape, here, path)


def _codes(ocid: str, value: object, place: str, path: str) -> Iterator[Problem]:
    known = CODES.get(path)
    if known is None or value is None:
        return
    for each in value if isinstance(value, list) else [value]:
        if each not in known:
            yield Problem(Wrong.UNKNOWN_CODE, ocid, place, f"代码 {each} 不在允许的代码里。")


def _money(ocid: str, value: Json, place: str) -> Iterator[Problem]:
    if value.get("currency") != CURRENCY:
        yield Problem(
            Wrong.CURRENCY, ocid, place, f"币种应是 {CURRENCY}，却是 {value.get('currency')}。"
        )
    fen = fen_of(value.get("amount"))
    if fen is None or fen < 0:
        yield Problem(Wrong.AMOUNT, ocid, place, "金额应精确到分，而且不小于零。")


def _tags(release: Json) -> Iterator[Problem]:
    ocid = str(release.get("ocid", ""))
    tags = release.get("tag")
    for each in tags if isinstance(tags, list) and tags else [None]:
        if each not in TAGS:
            yield Problem(Wrong.UNKNOWN_CODE, ocid, "/tag", f"发布标签 {each} 不在标准里。")


def _parties(release: Json) -> Iterator[Problem]:
    listed = {str(each.get("id")) for each in release.get("parties") or []}
    for missing in sorted(named_parties(release) - listed):
        yield Problem(
            Wrong.DANGLING_ID,
            str(release.get("ocid", "")),
            "/parties",
            f"提到的单位 {missing or '（没有编号）'} 不在参与方名单里。",
        )
