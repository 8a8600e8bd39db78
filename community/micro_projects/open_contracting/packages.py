"""Packages: releases or records with who publishes them, under which extensions and licence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from community.micro_projects.open_contracting.canonical import Json, read_json, write_json
from community.micro_projects.open_contracting.merging import compile_release, compile_versions
from community.micro_projects.open_contracting.profile import EXTENSIONS, VERSION

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes, and at which addresses the package and our extension are found."""

    name: str
    uri: str
    extension_uri: str


def release_package(publisher: Publisher, at: str, releases: Sequence[bytes]) -> bytes:
    """Put releases into a package, each in the very bytes it was published in."""
    return _packed(publisher, at, b"releases", releases)


def record_package(publisher: Publisher, at: str, records: Sequence[bytes]) -> bytes:
    """Put records into a package."""
    return _packed(publisher, at, b"records", records)


def write_record(ocid: str, releases: Sequence[bytes]) -> bytes:
    """Write a record: the releases as published, what is true now, and every earlier value."""
    read = [read_json(each) for each in releases]
    return b'{"compiledRelease":%b,"ocid":%b,"releases":[%b],"versionedRelease":%b}' % (
        write_json(compile_release(read)),
        write_json(ocid),
        b",".join(releases),
        write_json(compile_versions(read)),
    )


def _packed(publisher: Publisher, at: str, name: bytes, parts: Sequence[bytes]) -> bytes:
    head = write_json(_head(publisher, at))
    return head[:-1] + b',"' + name + b'":[' + b",".join(parts) + b"]}"


def _head(publisher: Publisher, at: str) -> Json:
    return {
        "uri": publisher.uri,
        "version": VERSION,
        "extensions": [*EXTENSIONS, publisher.extension_uri],
        "publisher": {"name": publisher.name},
        "license": LICENCE,
        "publishedDate": at,
    }
