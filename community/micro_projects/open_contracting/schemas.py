"""Validating data against a given folder of OCDS schemas, with our extension laid over them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from community.micro_projects.open_contracting.canonical import (
    Json,
    NotCanonical,
    read_json,
)
from community.micro_projects.open_contracting.extension import schema_patch
from community.micro_projects.open_contracting.problems import Problem, Wrong

RELEASE, RELEASES, RECORDS, VERSIONS = (
    "release-schema.json",
    "release-package-schema.json",
    "record-package-schema.json",
    "versioned-release-validation-schema.json",
)
FORMATS = ("date-time", "uri")


class SchemasMissing(Exception):
    """The folder given does not hold the schemas; the message says which."""


class Schemas:
    """The schemas of a folder, read once."""

    def __init__(self, folder: Path) -> None:
        """Read `folder`, or its `profile` folder.

        Raises: SchemasMissing.
        """
        inside = folder.joinpath("profile")
        self.folder = inside if inside.is_dir() else folder
        read = {name: self._read(name) for name in (RELEASE, RELEASES, RECORDS, VERSIONS)}
        self.release = merge_patch(read[RELEASE], schema_patch())
        read[RELEASE] = self.release
        resources = [(each["id"], DRAFT4.create_resource(each)) for each in read.values()]
        self.registry: Registry[Any] = Registry().with_resources(resources)
        checker = FormatChecker(formats=())
        checker.checkers = {name: FormatChecker.checkers[name] for name in FORMATS}
        self.validators = {
            name: Draft4Validator(each, registry=self.registry, format_checker=checker)
            for name, each in read.items()
        }

    def problems(self, name: str, value: Json, ocid: str = "") -> list[Problem]:
        """List where a value does not follow a schema of the folder."""
        return [
            Problem(
                Wrong.SCHEMA,
                ocid,
                "/" + "/".join(str(each) for each in error.absolute_path),
                f"不符合标准的格式：{error.message[:300]}",
            )
            for error in self.validators[name].iter_errors(value)
        ]

    def unknown_keys(self, release: Json) -> list[Problem]:
        """List fields that neither the standard nor our extension knows."""
        ocid = str(release.get("ocid", ""))
        return [
            Problem(Wrong.UNKNOWN_KEY, ocid, place, "字段不在标准和本站的扩展里。")
            for place in self._unknown(release, self.release, "")
        ]

    def _unknown(self, value: Any, schema: Json, place: str) -> Iterator[str]:
        schema = self._resolved(schema)
        if isinstance(value, list):
            items = schema.get("items")
            for number, each in enumerate(value):
                if isinstance(items, dict):
                    yield from self._unknown(each, items, f"{place}/{number}")
        elif isinstance(value, dict) and "properties" in schema:
            for key, inner in value.items():
                known = schema["properties"].get(key)
                if known is None:
                    yield f"{place}/{key}"
                else:
                    yield from self._unknown(inner, known, f"{place}/{key}")

    def _resolved(self, schema: Json) -> Json:
        while "$ref" in schema:
            schema = self.release["definitions"][schema["$ref"].removeprefix("#/definitions/")]
        return schema

    def _read(self, name: str) -> Json:
        try:
            found = read_json(self.folder.joinpath(name).read_bytes())
        except OSError as error:
            raise SchemasMissing(f"{self.folder} 里没有 {name}。") from error
        except NotCanonical as error:
            raise SchemasMissing(f"{self.folder.joinpath(name)} 不是 JSON：{error}。") from error
        assert isinstance(found, dict)
        return found


def merge_patch(target: Any, patch: Any) -> Any:
    """Lay a JSON merge patch (RFC 7396) over a value."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, each in patch.items():
        if each is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), each)
    return merged


@functools.cache
def schemas_of(folder: Path) -> Schemas:
    """Read a folder's schemas once a process."""
    return Schemas(folder)
