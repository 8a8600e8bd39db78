"""The `flask log` and `flask witness` commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext

from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.errors import Refusal
from community.transparency import queries
from community.transparency.service import witnessing
from community.transparency.service.background import seal_waiting
from community.transparency.service.cosigning import add_witness, set_quorum
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
    click.echo(_write(rotate_key, Actor.system(find_community(slug))))


witness = AppGroup("witness", help="Cosign others' logs, and name those who cosign ours.")


@witness.command("key")
@with_appcontext
def show_key() -> None:
    """Print the verifier key with which this installation cosigns."""
    click.echo(str(witnessing.witness_key()))


@witness.command("add")
@click.argument("address")
@click.argument("verifier_key")
@with_appcontext
def add(address: str, verifier_key: str) -> None:
    """Witness a log: the ADDRESS of its folder and its VERIFIER_KEY."""
    _write(witnessing.watch_log, Actor.system(0), address, verifier_key)
    click.echo(f"将见证 {address}")


@witness.command("run")
@with_appcontext
def run() -> None:
    """Visit every witnessed log now; ends with 1 when one was not cosigned."""
    found = witnessing.run_witness()
    for each in found:
        click.echo(f"{each.origin} {each.size} {each.problem or '已联署'}")
    if any(each.problem for each in found):
        raise SystemExit(1)


@witness.command("trust")
@click.argument("verifier_key")
@click.option("--community", "slug", required=True, help="Its word in the address.")
@with_appcontext
def trust(verifier_key: str, slug: str) -> None:
    """Let the holder of VERIFIER_KEY witness a community's log."""
    _write(add_witness, Actor.system(find_community(slug)), verifier_key)
    click.echo(verifier_key)


@witness.command("quorum")
@click.argument("needed", type=int)
@click.option("--community", "slug", required=True, help="Its word in the address.")
@with_appcontext
def quorum(needed: int, slug: str) -> None:
    """Say how many witnesses a checkpoint needs to count."""
    _write(set_quorum, Actor.system(find_community(slug)), needed)
    click.echo(str(needed))


def _write(command: Callable[..., Any], actor: Actor, *arguments: Any) -> Any:
    try:
        return db.write(command, actor, *arguments)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal


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
