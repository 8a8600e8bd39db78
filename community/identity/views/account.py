"""A person's own account: how they sign in, what they agreed to, what is held about them."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import logout_user

from community.identity import service
from community.identity.errors import PasswordWrong
from community.identity.models import ConsentKind
from community.identity.queries.cards import find_card
from community.identity.queries.consequences import consequences, export_all
from community.identity.queries.help import role_views
from community.identity.queries.people import get_person, has_consent, sexes_of
from community.identity.queries.places import get_household, members_of
from community.identity.queries.sessions import communities_of, password_of, sessions_of
from community.identity.rules.consents import text_of
from community.identity.schemas.people import OwnSexForm
from community.identity.schemas.signing_in import ConsentForm, PasswordForm
from community.identity.views import words
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.identity.views.loading import this_session
from community.kernel import clock
from community.kernel.db import write
from community.kernel.errors import BadInput, NotAllowed
from community.web import forms
from community.web.access import signed_in, the_actor
from community.web.extensions import db, end_reading


def own_id() -> int:
    """Give the id of the person who signed in, never of somebody helped.

    Raises: NotAllowed for devices of nobody.
    """
    found = the_actor().person_id
    if found is None:
        raise NotAllowed
    return found


def session_id() -> int:
    """Give the id of this session.

    Raises: NotAllowed for a device token, which has none.
    """
    found = this_session()
    if found is None:
        raise NotAllowed
    return found.id


def _account(form: forms.Form) -> str:
    actor, person_id = the_actor(), own_id()
    card = get_person(db.session, actor.community_id, person_id)
    household = None
    if card.household_id is not None:
        household = get_household(db.session, actor.community_id, card.household_id)
    return render_template(
        "identity/account/account.html",
        form=form,
        card=card,
        household=household,
        member_count=len(members_of(db.session, actor.community_id, card.household_id or 0)),
        roles=[
            (gettext(words.ROLES[each.role]), each.last_on)
            for each in role_views(db.session, actor.community_id, person_id)
        ],
        has_password=password_of(db.session, person_id) is not None,
        sessions=[
            (each, gettext(words.WAYS[each.way]))
            for each in sessions_of(db.session, person_id, session_id())
        ],
        homes=communities_of(db.session, person_id),
        personal_card=find_card(db.session, actor.community_id, person_id),
    )


@views.get(f"{IN_COMMUNITY}/account")
@signed_in
def account() -> ResponseReturnValue:
    """Show the account: name, phone masked, home, roles, password and sessions."""
    return _account(forms.Form())


@views.post(f"{IN_COMMUNITY}/account/password")
@signed_in
def set_password() -> ResponseReturnValue:
    """Set a password; where there is one, the present one is asked for."""

    def act(values: dict[str, Any]) -> None:
        stored = password_of(db.session, own_id())
        end_reading()
        if stored is not None and not service.is_password(stored, values["present"]):
            raise PasswordWrong
        write(service.set_password, the_actor(), values["password_hash"])

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("密码已设好，下次可以用手机号和密码登录。"))
        return redirect(url_for("identity.account"), 303)

    def again(form: forms.Form) -> str:
        form.typed = {}
        return _account(form)

    return forms.submit(PasswordForm(), act, again, done)


@views.post(f"{IN_COMMUNITY}/account/password/remove")
@signed_in
def remove_password() -> ResponseReturnValue:
    """Take the password away."""
    write(service.remove_password, the_actor(), request_key=forms.request_key())
    flash(gettext("密码已取消，请用别的方式登录。"))
    return redirect(url_for("identity.account"), 303)


@views.post(f"{IN_COMMUNITY}/account/sessions/<int:ended_id>/end")
@signed_in
def end_session(ended_id: int) -> ResponseReturnValue:
    """End one of one's sessions."""
    write(service.end_session, the_actor(), ended_id, request_key=forms.request_key())
    flash(gettext("那台设备已退出登录。"))
    return redirect(url_for("identity.account"), 303)


@views.post(f"{IN_COMMUNITY}/account/sessions/end-others")
@signed_in
def end_other_sessions() -> ResponseReturnValue:
    """End all of one's sessions but this one."""
    key = forms.request_key()
    ended = write(service.end_other_sessions, the_actor(), session_id(), request_key=key)
    flash(gettext("已让 %(count)s 台设备退出登录。", count=ended))
    return redirect(url_for("identity.account"), 303)


@views.get(f"{IN_COMMUNITY}/my-data")
@signed_in
def my_data() -> ResponseReturnValue:
    """Show what one agreed to, the way to a copy of everything, and to erasure."""
    actor, person_id = the_actor(), own_id()
    kinds = [
        (
            kind,
            gettext(words.CONSENTS[kind]),
            text_of(kind.value, clock.today()),
            has_consent(db.session, person_id, kind),
        )
        for kind in ConsentKind
    ]
    follows = consequences(db.session, actor.community_id, person_id, "erased")
    own = sexes_of(db.session, [person_id]).get(person_id)
    return render_template(
        "identity/account/my_data.html",
        kinds=kinds,
        follows=follows,
        own_sex=own.value if own else "",
        sexes=words.sex_options(),
    )


@views.post(f"{IN_COMMUNITY}/my-data/sex")
@signed_in
def tell_own_sex() -> ResponseReturnValue:
    """Say which sex counts in draws by lot, or take it back."""
    form, values = forms.read(OwnSexForm())
    if form.errors:
        raise BadInput
    key = forms.request_key()
    write(service.tell_own_sex, the_actor(), values["sex"], request_key=key)
    flash(gettext("已保存。"))
    return redirect(url_for("identity.my_data"), 303)


def _kind() -> ConsentKind:
    form, values = forms.read(ConsentForm())
    if form.errors:
        raise BadInput
    kind: ConsentKind = values["kind"]
    return kind


@views.post(f"{IN_COMMUNITY}/my-data/consent")
@signed_in
def give_consent() -> ResponseReturnValue:
    """Agree to one kind of use."""
    write(service.give_consent, the_actor(), _kind(), request_key=forms.request_key())
    return redirect(url_for("identity.my_data"), 303)


@views.post(f"{IN_COMMUNITY}/my-data/consent/withdraw")
@signed_in
def withdraw_consent() -> ResponseReturnValue:
    """Take one's consent back."""
    write(service.withdraw_consent, the_actor(), _kind(), request_key=forms.request_key())
    return redirect(url_for("identity.my_data"), 303)


@views.get(f"{IN_COMMUNITY}/my-data/everything")
@signed_in
def everything() -> ResponseReturnValue:
    """Show everything every room holds about the person who asks."""
    held = export_all(db.session, the_actor().community_id, own_id())
    rooms = [(words.room_words(room), _tables(found)) for room, found in held.items()]
    return render_template("identity/account/everything.html", rooms=rooms)


def _tables(found: Any) -> list[tuple[str, int, str]]:
    parts = found.items() if isinstance(found, dict) else [("", found)]
    return [(words.held_words(name), *_written(rows)) for name, rows in parts if rows]


def _written(rows: Any) -> tuple[int, str]:
    count = len(rows) if isinstance(rows, list) else 1
    return count, json.dumps(rows, ensure_ascii=False, indent=2, default=str)


@views.get(f"{IN_COMMUNITY}/my-data/everything.json")
@signed_in
def everything_json() -> ResponseReturnValue:
    """Give everything as a file that other programs read."""
    held = export_all(db.session, the_actor().community_id, own_id())
    return Response(
        json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True, default=str),
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )


@views.post(f"{IN_COMMUNITY}/my-data/erase")
@signed_in
def erase_own() -> ResponseReturnValue:
    """Erase oneself and end every session."""
    write(service.erase_own, the_actor(), request_key=forms.request_key())
    logout_user()
    session.clear()
    flash(gettext("您的个人信息已删除。账目里只留下去掉姓名的记录。"))
    return redirect(url_for("identity.sign_in"), 303)
