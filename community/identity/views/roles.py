"""Who has which role, and the one table of what each role may do."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.identity import service
from community.identity.permissions import GRANT_ROLES, SEE_PERMISSIONS, SEE_ROLES
from community.identity.queries.help import role_views
from community.identity.queries.standing import permission_table
from community.identity.schemas.people import RoleForm
from community.identity.views import words
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.identity.views.people import show_person
from community.kernel.db import write
from community.kernel.permissions import Role
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get(f"{IN_COMMUNITY}/permissions")
@needs(SEE_PERMISSIONS)
def permissions() -> ResponseReturnValue:
    """Show every permission and the roles that hold it, from the very table that decides."""
    groups: dict[str, list[tuple[str, list[bool]]]] = {}
    for each in permission_table().permissions:
        room = words.room_words(each.code.partition(".")[0])
        held = [role in each.roles for role in Role]
        groups.setdefault(room, []).append((gettext(each.title), held))
    return render_template(
        "identity/roles/permissions.html",
        roles=[gettext(words.ROLES[role]) for role in Role],
        own=[role.value in the_actor().roles for role in Role],
        groups=list(groups.items()),
    )


@views.get(f"{IN_COMMUNITY}/roles")
@needs(SEE_ROLES)
def roles() -> ResponseReturnValue:
    """Show who holds which role in this community."""
    held = role_views(db.session, the_actor().community_id)
    groups = [
        (gettext(words.ROLES[role]), [each for each in held if each.role is role])
        for role in Role
        if role is not Role.RESIDENT
    ]
    return render_template("identity/roles/roles.html", groups=groups)


@views.post(f"{IN_COMMUNITY}/people/<int:person_id>/roles")
@needs(GRANT_ROLES)
def grant_role(person_id: int) -> ResponseReturnValue:
    """Give a role."""

    def act(values: dict[str, Any]) -> Any:
        return write(
            service.grant_role,
            the_actor(),
            person_id,
            values["role"],
            values["until_on"],
            values["organization_id"],
            request_key=forms.request_key(),
        )

    def done(_: int) -> ResponseReturnValue:
        flash(gettext("角色已授予，立即生效。"))
        return redirect(url_for("identity.person", person_id=person_id), 303)

    return forms.submit(RoleForm(), act, lambda form: show_person(person_id, form), done)


@views.post(f"{IN_COMMUNITY}/roles/<int:grant_id>/withdraw")
@needs(GRANT_ROLES)
def withdraw_role(grant_id: int) -> ResponseReturnValue:
    """Take a role away."""
    write(service.withdraw_role, the_actor(), grant_id, request_key=forms.request_key())
    flash(gettext("角色已收回，立即生效。"))
    return redirect(url_for("identity.roles"), 303)
