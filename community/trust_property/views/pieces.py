"""What the fund's pages share: words for states, and one way to post a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from community.trust_property.rules import estate, matters, policies, spending
from community.trust_property.rules.keys import KeySide
from community.web import forms

Act = Callable[[dict[str, Any]], object]
Again = Callable[[forms.Form], str]


def post(schema: Schema, act: Act, again: Again, told: str, endpoint: str, **parts: Any) -> Any:
    """Read a form, act, and go to a page with a sentence; or show the form again."""

    def done(_: object) -> ResponseReturnValue:
        flash(told)
        return redirect(url_for(endpoint, **parts), 303)

    return forms.submit(schema, act, again, done)


def kind_title(kind: str) -> str:
    """Name a kind of matter."""
    known = {each.value for each in matters.MatterKind}
    return str(gettext(matters.TITLES[matters.MatterKind(kind)])) if kind in known else kind


def matter_tag(state: matters.MatterState) -> tuple[str, str]:
    """Tell a matter's state in a word, and the kind of its tag."""
    return {
        matters.MatterState.OPEN: (gettext("等批准"), "amber"),
        matters.MatterState.MADE: (gettext("已批准"), "done"),
        matters.MatterState.REJECTED: (gettext("已退回"), "red"),
        matters.MatterState.WITHDRAWN: (gettext("已撤回"), "plain"),
    }[state]


_TAGS = {
    spending.RequestState.ASKED: "amber",
    spending.RequestState.RETURNED: "amber",
    spending.RequestState.APPROVED: "blue",
    spending.RequestState.PAID: "blue",
    spending.RequestState.DONE: "done",
    spending.RequestState.REJECTED: "red",
}


def request_tag(state: spending.RequestState) -> tuple[str, str]:
    """Tell a request's state in a word, and the kind of its tag."""
    return gettext(spending.TITLES[state]), _TAGS.get(state, "plain")


def ratify_word(ratification: spending.Ratification) -> str:
    """Tell what became of an emergency."""
    words: dict[spending.Ratification, str] = {
        spending.Ratification.NONE: "",
        spending.Ratification.WAITING: gettext("等业委会追认"),
        spending.Ratification.RATIFIED: gettext("已追认"),
        spending.Ratification.REFUSED: gettext("不予追认，由物业公司退还"),
    }
    return words[ratification]


def request_steps(state: spending.RequestState) -> list[tuple[str, str]]:
    """Draw a request's stations from the table of steps."""
    titles = [
        gettext("提出申请"),
        gettext("业委会批准"),
        gettext("付款"),
        gettext("与银行对上"),
    ]
    if state not in spending.WAY:
        return [(titles[0], "done"), (gettext(spending.TITLES[state]), "now")]
    reached = spending.WAY.index(state) + 1
    if reached == len(titles):
        return [(title, "done") for title in titles]
    return [
        (title, "done" if number < reached else "now" if number == reached else "")
        for number, title in enumerate(titles)
    ]


def side_word(side: KeySide) -> str:
    """Name a side."""
    return str(gettext("物业公司") if side is KeySide.TRUSTEE else gettext("业委会"))


def use_options() -> list[tuple[str, str]]:
    """List the uses of units for a form."""
    return [(use.value, gettext(title)) for use, title in estate.USES.items()]


def contract_options() -> list[tuple[str, str]]:
    """List the kinds of contracts for a form."""
    return [(kind.value, gettext(title)) for kind, title in estate.CONTRACT_KINDS.items()]


def basis_options() -> list[tuple[str, str]]:
    """List what a remuneration may be a share of."""
    return [(basis.value, gettext(title)) for basis, title in policies.BASES.items()]
