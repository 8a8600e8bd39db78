"""Signing in by phone code, password, letter or slip; choosing who one is; signing out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import logout_user

from community.identity import service
from community.identity.errors import CodeWrong, NotProved, SignInAgain
from community.identity.models import ConsentKind
from community.identity.queries.sessions import communities_of, find_choice, password_hashes
from community.identity.rules.consents import text_of
from community.identity.rules.people import mask_number
from community.identity.rules.signing_in import device_words
from community.identity.schemas.signing_in import (
    AskCode,
    ChosenPerson,
    NewcomerEntry,
    PasswordEntry,
    TypedCode,
)
from community.identity.views.blueprint import views
from community.identity.views.loading import INSTALLATION, enter, this_session
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.db import write
from community.web import forms
from community.web.access import public, signed_in, the_actor
from community.web.extensions import db, end_reading
from community.web.layout import safe_next

VISITOR = Actor.visitor(INSTALLATION)


def _address() -> str:
    return request.remote_addr or ""


def _device() -> str:
    return device_words(request.headers.get("User-Agent", ""))


def _go_on() -> ResponseReturnValue:
    return redirect(safe_next(session.pop("next", "") or url_for("identity.communities")), 303)


def _after(entry: object, refusal: type[NotProved | CodeWrong]) -> object:
    """Turn "nothing proved" into its sentence, now that the attempt is on record."""
    if isinstance(entry, service.NothingProved):
        raise refusal
    return entry


def _entered(entry: Any) -> ResponseReturnValue:
    if isinstance(entry, service.MustChoose):
        session["choice"] = entry.token
        return redirect(url_for("identity.who"), 303)
    enter(entry)
    return _go_on()


def _page(name: str, **values: Any) -> Callable[[forms.Form], str]:
    def show(form: forms.Form) -> str:
        return render_template(
            f"identity/sign_in/{name}.html", form=form, can_text=service.can_text(), **values
        )

    return show


@views.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask for the phone number, or show the other ways."""
    if this_session() is not None:
        return redirect(safe_next(request.args.get("next", "") or url_for("identity.communities")))
    if request.args.get("next"):
        session["next"] = safe_next(request.args["next"])
    page = "number" if service.can_text() else "password"
    return _page(page)(forms.Form())


@views.post("/sign-in")
@public
def ask_for_code() -> ResponseReturnValue:
    """Send a code to a number; the answer is the same whether anybody has it or not."""

    def act(values: dict[str, Any]) -> str:
        number: str = values["number"]
        made = write(service.ask_for_code, VISITOR, number, _address())
        words = gettext(
            "验证码 %(code)s，5 分钟内有效。请不要告诉任何人，工作人员也不会问。", code=made.code
        )
        service.text_later(
            made.id, number, gettext("社区登录"), words, has_receiver=made.has_receiver
        )
        session["number"] = number
        return number

    def done(number: str) -> ResponseReturnValue:
        return redirect(url_for("identity.type_code"), 303)

    return forms.submit(AskCode(), act, _page("number"), done)


@views.get("/sign-in/code")
@public
def type_code() -> ResponseReturnValue:
    """Ask for the code that was sent."""
    if not session.get("number"):
        return redirect(url_for("identity.sign_in"))
    return _page("code", number=mask_number(session["number"]))(forms.Form())


@views.post("/sign-in/code")
@public
def enter_by_code() -> ResponseReturnValue:
    """Sign in by the code that was sent."""
    number = str(session.get("number", ""))

    def act(values: dict[str, Any]) -> object:
        code = values["code"].replace(" ", "")
        entry = write(service.enter_by_code, VISITOR, number, code, _address(), _device())
        return _after(entry, NotProved)

    return forms.submit(TypedCode(), act, _page("code", number=mask_number(number)), _entered)


@views.get("/sign-in/password")
@public
def type_password() -> ResponseReturnValue:
    """Ask for number and password."""
    return _page("password")(forms.Form())


@views.post("/sign-in/password")
@public
def enter_by_password() -> ResponseReturnValue:
    """Sign in by number and password: counted first, then the same hashing for everybody."""

    def act(values: dict[str, Any]) -> object:
        number = values["number"]
        attempt = write(service.open_password_attempt, VISITOR, number, _address())
        stored = password_hashes(db.session, number)
        # The writer must not wait for hashing, nor a reading connection be held meanwhile.
        end_reading()
        proved = service.find_matches(stored, values["password"])
        entry = write(service.enter_by_password, VISITOR, attempt, proved, _device())
        return _after(entry, NotProved)

    return forms.submit(PasswordEntry(), act, _forgetful(_page("password")), _entered)


def _forgetful(show: Callable[[forms.Form], str]) -> Callable[[forms.Form], str]:
    def again(form: forms.Form) -> str:
        form.typed = {name: value for name, value in form.typed.items() if name != "password"}
        return show(form)

    return again


@views.get("/sign-in/letter")
@public
def type_letter_code() -> ResponseReturnValue:
    """Ask for the code on the household's letter."""
    return _page("letter", code="")(forms.Form())


@views.get("/l/<code>")
@public
def open_letter(code: str) -> ResponseReturnValue:
    """Show the letter's code as its QR brought it; nothing is used up before the button."""
    return _page("letter", code=code[:40])(forms.Form())


@views.post("/sign-in/letter")
@public
def enter_by_letter() -> ResponseReturnValue:
    """Go on by the letter's code."""

    def act(values: dict[str, Any]) -> object:
        entry = write(service.enter_by_letter, VISITOR, values["code"], _address(), _device())
        return _after(entry, CodeWrong)

    return forms.submit(TypedCode(), act, _page("letter", code=""), _entered)


@views.get("/sign-in/slip")
@public
def type_slip_code() -> ResponseReturnValue:
    """Ask for the code on the desk's slip."""
    return _page("slip", code="")(forms.Form())


@views.get("/s/<code>")
@public
def open_slip(code: str) -> ResponseReturnValue:
    """Show the slip's code as its QR brought it."""
    return _page("slip", code=code[:40])(forms.Form())


@views.post("/sign-in/slip")
@public
def enter_by_slip() -> ResponseReturnValue:
    """Sign in by the desk's slip."""

    def act(values: dict[str, Any]) -> object:
        entry = write(service.enter_by_slip, VISITOR, values["code"], _address(), _device())
        return _after(entry, CodeWrong)

    return forms.submit(TypedCode(), act, _page("slip", code=""), _entered)


def _choice_page(name: str) -> Callable[[forms.Form], str]:
    choice = find_choice(db.session, str(session.get("choice", "")))
    if choice is None:
        raise SignInAgain
    return _page(name, choice=choice)


@views.get("/sign-in/who")
@public
def who() -> ResponseReturnValue:
    """Ask which of those proved together it is."""
    return _choice_page("who")(forms.Form())


@views.post("/sign-in/who")
@public
def choose_person() -> ResponseReturnValue:
    """Sign in as one of those proved together."""

    def act(values: dict[str, Any]) -> object:
        token = str(session.get("choice", ""))
        return write(service.choose_person, VISITOR, token, values["person_id"], _device())

    return forms.submit(ChosenPerson(), act, _choice_page("who"), _entered)


@views.get("/sign-in/newcomer")
@public
def newcomer() -> ResponseReturnValue:
    """Ask for the name of somebody the letter's list does not have."""
    return _choice_page("newcomer")(forms.Form())


@views.post("/sign-in/newcomer")
@public
def join_by_letter() -> ResponseReturnValue:
    """Register somebody new in the letter's household and sign them in."""

    def act(values: dict[str, Any]) -> object:
        token = str(session.get("choice", ""))
        return write(
            service.join_by_letter,
            VISITOR,
            token,
            values["name"],
            values["birth_year"],
            values["number"],
            _device(),
        )

    return forms.submit(NewcomerEntry(), act, _choice_page("newcomer"), _entered)


@views.post("/sign-out")
@public
def leave() -> ResponseReturnValue:
    """End this session, here and in every copy of its cookie."""
    found = this_session()
    if found is not None:
        actor = Actor(community_id=INSTALLATION, person_id=found.person_id)
        write(service.sign_out, actor, found.id)
    logout_user()
    session.clear()
    flash(gettext("已退出登录。"))
    return redirect(url_for("identity.sign_in"), 303)


@views.get("/communities")
@signed_in
def communities() -> ResponseReturnValue:
    """Go on to the one community one belongs to, or choose among several."""
    found = this_session()
    homes = communities_of(db.session, 0 if found is None else found.person_id)
    if len(homes) == 1:
        return redirect(home_of(homes[0].slug))
    entries = [(home.name, home_of(home.slug)) for home in homes]
    return render_template("identity/sign_in/communities.html", entries=entries)


def home_of(slug: str) -> str:
    """Tell where a community begins."""
    return url_for("dashboards.home", community=slug)


@views.get("/consent")
@signed_in
def consent() -> ResponseReturnValue:
    """Show the text on personal data that everybody agrees to first."""
    text = text_of(ConsentKind.SERVICE.value, clock.today())
    return render_template("identity/sign_in/consent.html", text=text)


@views.post("/consent")
@signed_in
def agree() -> ResponseReturnValue:
    """Agree to the text on personal data and go on."""
    write(service.give_consent, the_actor(), ConsentKind.SERVICE, request_key=forms.request_key())
    return _go_on()
