"""The `flask` commands: run-demo, serve, check, jobs, make-migration."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import click
from flask import Flask, current_app, g
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import db, files, jobs, logs, outbox
from community.kernel.app_lock import AppLock, AppLockHeld
from community.kernel.tables import Community
from community.web.extensions import db as flask_db
from community.web.operations import production
from community.web.operations.backups import (
    make_backup,
    mark_server,
    restore,
    restore_before_start,
    start_again_if_asked,
)
from community.web.operations.demo import DemoAccount
from community.web.operations.first_run import spell_token, tell_setup_token
from community.web.operations.monitoring import init_monitoring, prepare_metrics_folder
from community.web.operations.schema import (
    MIGRATIONS,
    VERSIONS,
    WrongSchema,
    check_revision,
    newest_revision,
    revision_of,
)
from community.web.operations.serving import (
    CannotStart,
    Listening,
    check_folder,
    check_port,
    milliseconds_since_start,
    run_server,
    say,
)
from community.web.operations.worker import hand_over
from community.web.settings import SettingWrong, port_setting, worker_setting

DEMO_PORT = 8000
LOCALHOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Operations:
    """What only the assembly can give: every room's checks, and the demo community."""

    problems: Callable[[Session], list[str]]
    # What only a whole reading of kept contents finds: a nightly check of the rows leaves it out.
    content_problems: Callable[[Session], list[str]]
    load_demo: Callable[[], None]
    demo_accounts: Callable[[Session], list[DemoAccount]]


def init_operations(app: Flask, operations: Operations) -> None:
    """Register the commands and the pages for machines."""
    app.extensions["community_operations"] = operations
    init_monitoring(app)
    for command in (run_demo, serve, check, make_migration, make_backup, restore, tell_setup_token):
        app.cli.add_command(command)
    app.cli.add_command(jobs_group)
    app.cli.add_command(_MigrationCommands(app))


@contextmanager
def plain_refusals() -> Iterator[None]:
    """End with the sentence of what stands in the way, never with a traceback."""
    try:
        yield
    except (AppLockHeld, CannotStart, SettingWrong, WrongSchema) as refused:
        sys.exit(f"不能启动：{refused}")


def _operations() -> Operations:
    found: Operations = current_app.extensions["community_operations"]
    return found


def _app() -> Flask:
    found: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def prepare_database(url: str) -> None:
    """Bring the database to this program's schema, making it when there is none.

    Raises: WrongSchema, AppLockHeld.
    """
    found, needed = revision_of(url), newest_revision()
    if found == needed:
        return
    if found is not None and found > needed:
        check_revision(url)
    say("正在建立数据库……" if found is None else f"正在升级数据库：{found} → {needed}……")
    _alembic(_app()).upgrade(directory=str(MIGRATIONS))


def _alembic(app: Flask) -> ModuleType:
    import flask_migrate  # alembic takes 0.3 s, and no server process needs it

    if "migrate" not in app.extensions:
        flask_migrate.Migrate(app, flask_db, directory=str(MIGRATIONS), command="migrations")
    return flask_migrate


def _no_group_options() -> None:
    # flask-migrate's commands look here for the options of its group, which we do not offer.
    g.directory, g.x_arg = None, ()


class _MigrationCommands(click.Group):
    """flask-migrate's own `db` commands, imported when one of them is asked for."""

    def __init__(self, app: Flask) -> None:
        callback = with_appcontext(_no_group_options)
        super().__init__(
            "db", callback=callback, help="Migrations: upgrade, current, history, check."
        )
        self._app = app

    def _theirs(self) -> click.Group:
        _alembic(self._app)
        found = self._app.cli.commands["migrations"]
        assert isinstance(found, click.Group)
        return found

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List them."""
        return self._theirs().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find one."""
        return self._theirs().get_command(ctx, cmd_name)


@click.command("run-demo")
def run_demo() -> None:
    """Start a demo community on this machine, for trying things out."""
    with plain_refusals():
        config = current_app.config
        listening = Listening(LOCALHOST, port_setting(DEMO_PORT), worker_setting())
        if config["IS_PRODUCTION"]:
            raise CannotStart("演示数据不能装进正式系统。请去掉 COMMUNITY_PRODUCTION 设置。")
        check_folder(Path(config["INSTANCE"]))
        check_port(listening.host, listening.port)
        restore_before_start(config)
        prepare_database(config["DATABASE_URL"])
        with AppLock(config["DATABASE_URL"], exclusive=False):
            _load_demo_once()
            with db.read() as session:
                accounts = _operations().demo_accounts(session)
            db.current().close()
            os.environ.update(prepare_metrics_folder(Path(config["INSTANCE"])))
            mark_server()
            # A demo's settings are its workers' own; `serve` adds the office's names and TLS.
            hand_over(_app())
            run_server(listening, lambda: _tell_ready(listening, accounts))
        start_again_if_asked(config)


def _load_demo_once() -> None:
    with db.read() as session:
        slugs = session.execute(select(Community.slug, Community.is_demo)).tuples().all()
    if not slugs:
        say("正在装入演示社区（约 300 户、1200 位虚构居民），第一次需要一会儿……")
        # Half a year of invented reminders must not come out of the terminal now.
        sender = outbox.find_sender(outbox.Channel.SMS)
        outbox.set_sender(outbox.Channel.SMS, None)
        _operations().load_demo()
        outbox.set_sender(outbox.Channel.SMS, sender)
    elif not all(is_demo for _, is_demo in slugs):
        raise CannotStart(
            "这个数据库里有真实社区，不能用演示方式启动。"
            "请用 make serve，或用 COMMUNITY_INSTANCE 指定另一个文件夹。"
        )


def _tell_ready(listening: Listening, accounts: list[DemoAccount]) -> None:
    took = milliseconds_since_start()
    say()
    say(f"已就绪，用时 {took // 1000}.{took % 1000 // 100} 秒。请用浏览器打开：")
    say(f"    {listening.scheme}://{listening.host}:{listening.port}/")
    if accounts:
        say()
        say("演示账号（密码登录）：")
        width = max(len(each.sign_in) for each in accounts)
        for each in accounts:
            say(f"    {each.sign_in:<{width}}  {each.password}  {each.role}  {each.name}")
    say()
    say("按 Ctrl+C 停止。数据都是虚构的；删除 instance 文件夹即可重来。")


def _check_no_demo(url: str) -> None:
    found = revision_of(url)
    if found is None:
        return
    if found > newest_revision():
        check_revision(url)
    with db.read() as session:
        production.check_no_demo(session)


@click.command("serve")
def serve() -> None:
    """Start for a real office: TLS, no demo data, production settings checked."""
    with plain_refusals():
        config = current_app.config
        instance = Path(config["INSTANCE"])
        # Before anything is written: a demo's folder stays a demo's.
        _check_no_demo(config["DATABASE_URL"])
        production.check_settings(config, has_debug=current_app.debug)
        check_folder(instance)
        production.keep_secret(instance)
        port = port_setting(production.PORT)
        found = production.certificates(instance)
        listening = Listening(
            production.EVERYWHERE,
            port,
            worker_setting(),
            found.certificate,
            found.key,
        )
        check_port(listening.host, port)
        restore_before_start(config)
        prepare_database(config["DATABASE_URL"])
        with AppLock(config["DATABASE_URL"], exclusive=False):
            # Again: a backup restored at this start may be a demo's.
            _check_no_demo(config["DATABASE_URL"])
            with db.read() as session:
                is_empty = session.scalar(select(Community.id).limit(1)) is None
            token = spell_token(instance) if is_empty else ""
            db.current().close()
            os.environ.update(prepare_metrics_folder(instance))
            os.environ.update(production.environment(found))
            mark_server()
            with production.phone_page(found, port):
                run_server(listening, lambda: production.tell_ready(listening, found, token))
        start_again_if_asked(config)


@click.command("check")
@click.option("--skip-files", is_flag=True, help="Do not read every file and sealed content.")
def check(skip_files: bool) -> None:
    """Look for anything that is not as it must be; exit status 1 when something is found."""
    with plain_refusals():
        check_revision(current_app.config["DATABASE_URL"])
    with db.read() as session:
        found = _operations().problems(session)
        if not skip_files:
            found += files.file_problems(session)
            found += _operations().content_problems(session)
    for line in found:
        say(line)
    if found:
        sys.exit(f"发现 {len(found)} 处不符。请保留现场并联系维护人员，不要手工修改数据库。")
    say("检查完毕，没有发现不符。")


jobs_group = AppGroup("jobs", help="Long work and periodic tidy-ups.")


@jobs_group.command("run-once")
def run_jobs_once() -> None:
    """Run everything that is due now, and end; for cron, when no server runs."""
    logs.configure(as_json=current_app.config["IS_PRODUCTION"])
    with plain_refusals(), AppLock(current_app.config["DATABASE_URL"], exclusive=False):
        check_revision(current_app.config["DATABASE_URL"])
        say(f"{jobs.run_due()} 项已运行。")


@click.command("make-migration")
@click.argument("message")
@click.option("--initial", is_flag=True, help="Make the first revision anew (before a release).")
def make_migration(message: str, initial: bool) -> None:
    """Write the next numbered revision from what the tables say now."""
    if initial:
        for each in VERSIONS.glob("*.py"):
            each.unlink()
    with tempfile.TemporaryDirectory() as scratch:
        current_app.config["DATABASE_URL"] = f"sqlite:///{scratch}/scratch.db"
        if not initial:
            _alembic(_app()).upgrade(directory=str(MIGRATIONS))
        _alembic(_app()).revision(directory=str(MIGRATIONS), message=message, autogenerate=True)
