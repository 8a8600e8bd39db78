"""The `flask log` commands: seal, export, keys, rotate-key, pack."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.errors import Refusal
from community.transparency import queries
from community.transparency.service.background import seal_waiting
from community.transparency.service.export import export_log
from community.transparency.service.rotation import rotate_key

group = AppGroup("log", help="The public logs of the communities.")


def find_community(slug: str) -> int:
    """Give a community's id.

    Raises: ClickException when there is none of the name.
    """
    with db.read() as session:
        found = queries.community_id_of(session, slug)
    if found is None:
        raise click.ClickException(f"没有社区 {slug}。")
    return found


@group.command("seal")
@with_appcontext
def seal() -> None:
    """Seal everything that waits, in every community."""
    click.echo(f"已入册 {seal_waiting()} 条。")


@group.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--community", "slug", required=True, help="Its word in the address.")
@with_appcontext
def export(folder: Path, slug: str) -> None:
    """Write a log as static files; again into the same folder adds only what is new."""
    community_id = find_community(slug)
    try:
        with db.read() as session:
            size, written = export_log(session, community_id, folder)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{folder}：共 {size} 条，写了 {written} 个文件。")


@group.command("keys")
@click.option("--community", "slug", required=True, help="Its word in the address.")
@with_appcontext
def list_keys(slug: str) -> None:
    """Print a log's verifier keys, the newest first."""
    community_id = find_community(slug)
    with db.read() as session:
        for key in queries.verifier_keys(session, community_id):
            click.echo(key)


@group.command("rotate-key")
@click.option("--community", "slug", required=True, help="Its word in the address.")
@with_appcontext
def rotate(slug: str) -> None:
    """Replace a log's key; the old one signs the announcement of the new."""
    try:
        key = db.write(rotate_key, Actor.system(find_community(slug)))
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(key)


@group.command("pack")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--community", "slug", required=True, help="Its word in the address.")
@with_appcontext
def pack(file: Path, slug: str) -> None:
    """Write the audit pack: records, every checkpoint, vouchers, reports and verify.py."""
    community_id = find_community(slug)
    try:
        with db.read() as session:
            contents = queries.pack_bytes(session, community_id)
            with file.open("wb") as opened:
                opened.writelines(contents)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{file}：{file.stat().st_size} 字节。")
