"""Backups on a button: make one, fetch it, restore one at the next start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.identity.errors import SharedInstallation
from community.identity.permissions import KEEP_BACKUPS, SEE_BACKUPS
from community.identity.queries.setup import count_communities
from community.identity.schemas.backups import RestoreForm
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.kernel import backup
from community.kernel.permissions import Role
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.operations.backups import restart_server

BACKUPS = f"{IN_COMMUNITY}/desk/backups"


def _instance() -> Path:
    return Path(current_app.config["INSTANCE"])


def _check_alone() -> None:
    """Refuse a community's clerk where the archive would hold other communities too."""
    actor = the_actor()
    if count_communities(db.session) > 1 and Role.STREET.value not in actor.roles:
        raise SharedInstallation


def _page(form: forms.Form) -> str:
    return render_template(
        "identity/backups/index.html",
        form=form,
        backups=backup.backups(_instance()),
        asked=backup.asked_restore(_instance()),
        keep=backup.KEEP,
    )


@views.get(BACKUPS, endpoint="backups")
@needs(SEE_BACKUPS)
def backups_page() -> ResponseReturnValue:
    """List the archives."""
    _check_alone()
    return _page(forms.Form())


@views.post(BACKUPS)
@needs(KEEP_BACKUPS)
def make_backup() -> ResponseReturnValue:
    """Make an archive now."""
    _check_alone()
    backup.make_backup(current_app.config["DATABASE_URL"], _instance(), "manual")
    backup.forget_old_backups(_instance())
    flash(gettext("备份好了。请下载一份，存到另一台电脑或移动硬盘上。"))
    return redirect(url_for("identity.backups"), 303)


@views.get(f"{BACKUPS}/<name>")
@needs(KEEP_BACKUPS)
def fetch_backup(name: str) -> ResponseReturnValue:
    """Give an archive to keep elsewhere."""
    _check_alone()
    return send_file(backup.find_backup(_instance(), name), as_attachment=True)


@views.post(f"{BACKUPS}/<name>/restore")
@needs(KEEP_BACKUPS)
def restore_backup(name: str) -> ResponseReturnValue:
    """Restore an archive: the server ends, restores alone, and starts again."""
    _check_alone()

    def act(_values: dict[str, Any]) -> bool:
        backup.ask_restore(_instance(), name)
        return restart_server()

    def done(is_restarting: bool) -> ResponseReturnValue:
        return render_template("identity/backups/restoring.html", is_restarting=is_restarting)

    return forms.submit(RestoreForm(), act, _page, done)


@views.post(f"{BACKUPS}/withdraw")
@needs(KEEP_BACKUPS)
def withdraw_restore() -> ResponseReturnValue:
    """Leave everything as it is."""
    _check_alone()
    backup.withdraw_restore(_instance())
    flash(gettext("已取消恢复，数据没有改变。"))
    return redirect(url_for("identity.backups"), 303)
