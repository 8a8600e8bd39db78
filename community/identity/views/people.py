"""The desk's pages on people: find, register, correct, merge, bind, print."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.identity import service
from community.identity.models import Relation
from community.identity.permissions import KEEP_PEOPLE, MERGE_PEOPLE, RECORD_CONSENT, SEE_PEOPLE
from community.identity.queries.cards import find_card
from community.identity.queries.help import accesses_of, acts_for, bonds_of, role_views
from community.identity.queries.organizations import organizations
from community.identity.queries.people import get_person, numbers_of, search_people, sexes_of
from community.identity.queries.people import people as cards_of
from community.identity.queries.places import get_household, households, members_of
from community.identity.queries.standing import guardian_of
from community.identity.rules.roles import grantable_by
from community.identity.schemas.people import (
    CorrectionForm,
    DeskAccessForm,
    DeskBondForm,
    GuardianForm,
    MergeForm,
    NumberForm,
    PersonForm,
    SexForm,
)
from community.identity.views import words
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.kernel.db import write
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db

Answer = ResponseReturnValue


def _back(person_id: int, sentence: str) -> Answer:
    flash(sentence)
    return redirect(url_for("identity.person", person_id=person_id), 303)


@views.get(f"{IN_COMMUNITY}/people")
@needs(SEE_PEOPLE)
def people() -> Answer:
    """Find people by name, building, unit or the end of the phone number."""
    text = request.args.get("find", "")[:60].strip()
    found = search_people(db.session, the_actor().community_id, text) if text else ()
    return render_template("identity/people/people.html", text=text, found=found)


def _household_options() -> list[tuple[str, str]]:
    homes = households(db.session, the_actor().community_id)
    return [("", "—"), *((str(home.id), f"{home.building} {home.unit}") for home in homes)]


def _new_person(form: forms.Form) -> str:
    return render_template("identity/people/new.html", form=form, households=_household_options())


@views.get(f"{IN_COMMUNITY}/people/new")
@needs(KEEP_PEOPLE)
def new_person() -> Answer:
    """Ask for the data of somebody to register."""
    return _new_person(forms.Form())


@views.post(f"{IN_COMMUNITY}/people/new")
@needs(KEEP_PEOPLE)
def register_person() -> Answer:
    """Register somebody."""

    def act(values: dict[str, Any]) -> Any:
        return write(
            service.register_person,
            the_actor(),
            values["name"],
            values["birth_year"],
            values["number"],
            values["household_id"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        PersonForm(), act, _new_person, lambda made: _back(made, gettext("已登记。"))
    )


def show_person(person_id: int, form: forms.Form) -> str:
    """Show the desk's page of a person, with a form on its way."""
    actor = the_actor()
    here = actor.community_id
    card = get_person(db.session, here, person_id)
    guardian_id = guardian_of(db.session, here, person_id)
    names = cards_of(db.session, here, [guardian_id] if guardian_id else [])
    home = None if card.household_id is None else get_household(db.session, here, card.household_id)
    living = members_of(db.session, here, card.household_id or 0)
    return render_template(
        "identity/people/person.html",
        form=form,
        card=card,
        home=home,
        own_sex=sexes_of(db.session, [person_id]).get(person_id, ""),
        sexes=words.sex_options(),
        living=[each for each in cards_of(db.session, here, living).values() if each.id != card.id],
        numbers=numbers_of(db.session, [person_id]).get(person_id, ()),
        roles=[
            (each, gettext(words.ROLES[each.role]))
            for each in role_views(db.session, here, person_id)
        ],
        role_options=words.role_options(grantable_by(actor.roles)),
        firms=[("", "—"), *((str(f.id), f.name) for f in organizations(db.session, here))],
        bonds=[
            (bond, gettext(words.RELATIONS[bond.relation]))
            for bond in bonds_of(db.session, here, person_id)
        ],
        guardian=names.get(guardian_id or 0),
        accesses=[
            (each, words.scope_words(each.scope), gettext(words.PROOFS[each.proof]))
            for each in accesses_of(db.session, here, person_id)
            if each.proof is not None
        ],
        acts=[(act, words.act_words(act.act)) for act in acts_for(db.session, here, person_id)],
        personal_card=find_card(db.session, here, person_id),
    )


@views.get(f"{IN_COMMUNITY}/people/<int:person_id>")
@needs(SEE_PEOPLE)
def person(person_id: int) -> Answer:
    """Show a person to the desk."""
    return show_person(person_id, forms.Form())


@views.post(f"{IN_COMMUNITY}/people/<int:person_id>")
@needs(KEEP_PEOPLE)
def correct_person(person_id: int) -> Answer:
    """Correct a name or a birth date."""

    def act(values: dict[str, Any]) -> Any:
        return write(
            service.correct_person,
            the_actor(),
            person_id,
            values["name"],
            values["birth_year"],
            values["birthday"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        CorrectionForm(),
        act,
        lambda form: show_person(person_id, form),
        lambda _: _back(person_id, gettext("已更正。")),
    )


@views.post(f"{IN_COMMUNITY}/people/<int:person_id>/sex")
@needs(KEEP_PEOPLE)
def record_sex(person_id: int) -> Answer:
    """Write down what somebody said at the desk of their sex, for draws by lot."""

    def act(values: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(service.record_sex, the_actor(), person_id, values["sex"], request_key=key)

    return forms.submit(
        SexForm(),
        act,
        lambda form: show_person(person_id, form),
        lambda _: _back(person_id, gettext("已保存。")),
    )


@views.post(f"{IN_COMMUNITY}/people/<int:person_id>/phones")
@needs(KEEP_PEOPLE)
def add_phone(person_id: int) -> Answer:
    """Add a number."""

    def act(values: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(service.add_phone, the_actor(), person_id, values["number"], request_key=key)

    return forms.submit(
        NumberForm(),
        act,
        lambda form: show_person(person_id, form),
        lambda _: _back(person_id, gettext("号码已添加。")),
    )


@views.post(f"{IN_COMMUNITY}/people/<int:person_id>/phones/remove")
@needs(KEEP_PEOPLE)
def remove_phone(person_id: int) -> Answer:
    """Take a number away."""

    def act(values: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(
            service.remove_phone, the_actor(), person_id, values["number"], request_key=key
        )

    return forms.submit(
        NumberForm(),
        act,
        lambda form: show_person(person_id, form),
        lambda _: _back(person_id, gettext("号码已移除。")),
    )


def _bind(person_id: int, form: forms.Form) -> str:
    here = the_actor().community_id
    text = request.args.get("find", "")[:60].strip() or str(form.value("find", ""))
    found = search_people(db.session, here, text) if text else ()
    return render_template(
        "identity/people/bind.html",
        form=form,
        card=get_person(db.session, here, person_id),
        text=text,
        found=[each for each in found if each.id != person_id],
        relations=[(each.value, gettext(name)) for each, name in words.RELATIONS.items()],
        groups=words.scope_groups(),
        spouse=Relation.SPOUSE.value,
    )


@views.get(f"{IN_COMMUNITY}/people/<int:person_id>/bind")
@needs(RECORD_CONSENT)
def bind(person_id: int) -> Answer:
    """Find the other person of a bond, a guardianship or an access."""
    return _bind(person_id, forms.Form())


@views.post(f"{IN_COMMUNITY}/people/<int:person_id>/bind/relative")
@needs(RECORD_CONSENT)
def record_bond(person_id: int) -> Answer:
    """Put down that two people are direct relatives."""

    def act(values: dict[str, Any]) -> Any:
        return write(
            service.record_bond,
            the_actor(),
            person_id,
            values["relative_id"],
            values["relation"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        DeskBondForm(),
        act,
        lambda form: _bind(person_id, form),
        lambda _: _back(person_id, gettext("亲属关系已登记。")),
    )


@views.post(f"{IN_COMMUNITY}/people/<int:person_id>/bind/guardian")
@needs(RECORD_CONSENT)
def record_guardian(person_id: int) -> Answer:
    """Put down who acts for a child."""

    def act(values: dict[str, Any]) -> Any:
        return write(
            service.record_guardian,
            the_actor(),
            person_id,
            values["guardian_id"],
            values["reference"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        GuardianForm(),
        act,
        lambda form: _bind(person_id, form),
        lambda _: _back(person_id, gettext("监护人已登记。")),
    )


@views.post(f"{IN_COMMUNITY}/people/<int:person_id>/guardian/end")
@needs(RECORD_CONSENT)
def end_guardian(person_id: int) -> Answer:
    """Put down that nobody acts for a child any more."""
    write(service.end_guardian, the_actor(), person_id, request_key=forms.request_key())
    return _back(person_id, gettext("监护登记已结束。"))


@views.post(f"{IN_COMMUNITY}/people/<int:person_id>/bind/access")
@needs(RECORD_CONSENT)
def record_access(person_id: int) -> Answer:
    """Put down a signed consent to be helped."""

    def act(values: dict[str, Any]) -> Any:
        return write(
            service.record_access,
            the_actor(),
            values["helper_id"],
            person_id,
            values["scope"],
            values["ends_on"],
            values["reference"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        DeskAccessForm(),
        act,
        lambda form: _bind(person_id, form),
        lambda _: _back(person_id, gettext("代办授权已登记，立即生效。")),
    )


def _merge(person_id: int, form: forms.Form) -> str:
    here = the_actor().community_id
    card = get_person(db.session, here, person_id)
    text = request.args.get("find", "")[:60].strip() or card.name
    found = search_people(db.session, here, text)
    return render_template(
        "identity/people/merge.html",
        form=form,
        card=card,
        text=text,
        found=[each for each in found if each.id != person_id],
    )


@views.get(f"{IN_COMMUNITY}/people/<int:person_id>/merge")
@needs(MERGE_PEOPLE)
def merge(person_id: int) -> Answer:
    """Show who might be the same human being."""
    return _merge(person_id, forms.Form())


@views.post(f"{IN_COMMUNITY}/people/<int:person_id>/merge")
@needs(MERGE_PEOPLE)
def merge_people(person_id: int) -> Answer:
    """Make two rows one."""

    def act(values: dict[str, Any]) -> Any:
        return write(
            service.merge_people,
            the_actor(),
            person_id,
            values["merged_id"],
            values["reason"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        MergeForm(),
        act,
        lambda form: _merge(person_id, form),
        lambda _: _back(person_id, gettext("两份档案已合并，记录都保留在这一份里。")),
    )
