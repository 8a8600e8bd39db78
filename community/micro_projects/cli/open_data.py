"""`flask projects export-ocds` and `check-ocds`: all open data as files, and judging such files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.micro_projects.open_contracting import extension
from community.micro_projects.open_contracting.judging import LINES, Verdict, judge
from community.micro_projects.open_contracting.packages import (
    Publisher,
    record_package,
    release_package,
)
from community.micro_projects.open_contracting.schemas import Schemas, SchemasMissing
from community.micro_projects.open_contracting.table import HEADS, line_of, write_lines
from community.micro_projects.open_contracting.writing import instant
from community.micro_projects.queries import open_data as queries
from community.micro_projects.queries.processes import all_processes
from community.micro_projects.service.releasing import EXAMPLE_PREFIX, is_example_prefix
from community.micro_projects.service.telling import tell_again

T = TypeVar("T")
FOUND, MISUSED = 1, 2
SHOWN = 200


@click.command("export-ocds")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--address", help="Where the folder will be served; else the site's own address.")
@with_appcontext
def export_command(folder: Path, address: str | None) -> None:
    """Write all open contracting data of every community into FOLDER.

    Packages, single lines, a table, and our extension; the same data gives the same bytes.
    """
    if is_example_prefix():
        click.echo(
            f"注意：编号的前缀是标准文档的示例 {EXAMPLE_PREFIX}，"
            "正式公开前请登记并设置 COMMUNITY_OCID_PREFIX。",
            err=True,
        )
    address = (address or f"https://{current_app.config['LOG_NAME']}/open-data").rstrip("/")
    for name, content in extension.files().items():
        _write(folder / extension.FOLDER / name, [content])
    with db.read() as session:
        for community in queries.publishing_communities(session):
            base = f"{address}/{community.slug}"
            extension_uri = f"{address}/{extension.FOLDER}/extension.json"
            publisher = Publisher(community.name, base, extension_uri)
            releases = list(queries.every_release(session, community.id))
            records = list(queries.every_record(session, community.id))
            _export(folder / community.slug, publisher, releases, records)
            click.echo(
                f"{community.name}：{len(records)} 个采购过程，{len(releases)} 次发布"
                f" → {folder / community.slug}"
            )


def _export(
    folder: Path,
    publisher: Publisher,
    releases: list[queries.ReleaseView],
    records: list[queries.RecordView],
) -> None:
    for number, part in enumerate(_parts(releases, queries.FEED_STEP), 1):
        at = str(instant(part[-1].published_at))
        named = _named(publisher, f"releases/{number:04d}.json")
        content = release_package(named, at, [each.content for each in part])
        _write(folder / f"releases/{number:04d}.json", [content])
    for number, held in enumerate(_parts(records, queries.RECORD_STEP), 1):
        at = str(instant(max(each.releases[-1].published_at for each in held)))
        named = _named(publisher, f"records/{number:04d}.json")
        content = record_package(named, at, [each.write() for each in held])
        _write(folder / f"records/{number:04d}.json", [content])
    _write(folder / "releases.jsonl", (each.content + b"\n" for each in releases))
    _write(folder / "records.jsonl", (each.write() + b"\n" for each in records))
    table = [HEADS, *(line_of(each.compile()) for each in records)]
    _write(folder / "records.csv", [b"\xef\xbb\xbf", write_lines(table)])


def _parts(values: Sequence[T], step: int) -> Iterator[Sequence[T]]:
    for first in range(0, len(values), step):
        yield values[first : first + step]


def _named(publisher: Publisher, name: str) -> Publisher:
    return Publisher(publisher.name, f"{publisher.uri}/{name}", publisher.extension_uri)


def _write(file: Path, parts: Iterable[bytes]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        for part in parts:
            opened.write(part)


@click.command("refresh-ocds")
@with_appcontext
def refresh_command() -> None:
    """Publish what the last releases do not say yet, as after an upgrade; twice changes nothing."""
    count = 0
    with db.read() as session:
        found = all_processes(session)
    for each in found:
        actor = Actor.system(each.community_id)
        count += bool(db.write(tell_again, actor, each.tender_id, each.award_id))
    click.echo(f"查了 {len(found)} 个采购过程，补发 {count} 次。")


@click.command("check-ocds")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--schema",
    "schema_folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with the standard's schemas; without it only the integrity is checked.",
)
def check_command(folder: Path, schema_folder: Path | None) -> None:
    """Check the open contracting data in FOLDER, ours or anybody's.

    Exit code 0: nothing is wrong; 1: something is; 2: there is nothing to check, or no schema.
    """
    try:
        schemas = Schemas(schema_folder) if schema_folder else None
    except SchemasMissing as missing:
        click.echo(str(missing), err=True)
        sys.exit(MISUSED)
    began = clock.now()
    verdict = judge(_files(folder), schemas)
    if not verdict.releases and not verdict.problems:
        click.echo(f"{folder} 里没有发布，也没有过程。", err=True)
        sys.exit(MISUSED)
    _tell(verdict, has_schemas=schemas is not None)
    click.echo(f"用时 {(clock.now() - began).seconds} 秒。", err=True)
    sys.exit(FOUND if verdict.problems else 0)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".json", LINES} and file.is_file():
            yield file.relative_to(folder).as_posix(), file.read_bytes()


def _tell(verdict: Verdict, *, has_schemas: bool) -> None:
    for each in verdict.problems[:SHOWN]:
        click.echo(f"{each.ocid or '-'} {each.place or '/'} [{each.kind.value}] {each.sentence}")
    if len(verdict.problems) > SHOWN:
        click.echo(f"……还有 {len(verdict.problems) - SHOWN} 处。")
    click.echo(
        f"读了 {verdict.files} 个文件：{len(verdict.processes)} 个采购过程，"
        f"{verdict.releases} 次发布，{verdict.records} 份合并记录。"
    )
    if not has_schemas:
        click.echo("没有给出标准的文件夹（--schema），格式没有核对，只核对了内容之间的关系。")
    found = len(verdict.problems)
    click.echo(f"有 {found} 处不对。" if found else "没有发现不对的地方。")
