"""What the pages of contracts share: words for states, files of a form, one way to post."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from community.kernel import files
from community.micro_projects.errors.contracts import ScanMissing
from community.micro_projects.rules import closing, contracts, milestones, payments, surveys
from community.micro_projects.views.blueprint import views
from community.web import forms

PAPERS = files.IMAGES | {files.FileKind.PDF}
_TITLES: dict[object, str] = {}
for _titles in (
    contracts.TITLES,
    contracts.SIDES,
    contracts.CHANGES,
    milestones.TITLES,
    milestones.KINDS,
    milestones.FINDINGS,
    milestones.PAPERS,
    payments.TITLES,
    payments.CLAW_BACKS,
    closing.WAYS,
    closing.OUTCOMES,
    surveys.TITLES,
):
    _TITLES.update({(type(key), key): title for key, title in _titles.items()})

_KINDS = {
    contracts.ContractState.ACTIVE: "blue",
    contracts.ContractState.TERMINATED: "red",
    contracts.ContractState.COMPLETE: "done",
    contracts.ContractState.CANCELLED: "plain",
}
_MILESTONE_KINDS = {
    milestones.MilestoneState.PLANNED: "plain",
    milestones.MilestoneState.RETURNED: "red",
    milestones.MilestoneState.ACCEPTED: "done",
    milestones.MilestoneState.DROPPED: "plain",
}
_PAYMENT_KINDS = {payments.PaymentState.PAID: "done", payments.PaymentState.RETURNED: "red"}


@views.app_template_filter()
def contract_word(value: object) -> str:
    """Tell in the reader's language a state or kind of a contract and what belongs to it."""
    # Values of different enums may be equal; their type tells them apart.
    told: str = gettext(_TITLES[(type(value), value)])
    return told


@views.app_template_filter()
def contract_kind(value: object) -> str:
    """Give the kind of tag that shows a state."""
    if isinstance(value, milestones.MilestoneState):
        return _MILESTONE_KINDS.get(value, "amber")
    if isinstance(value, payments.PaymentState):
        return _PAYMENT_KINDS.get(value, "amber")
    assert isinstance(value, contracts.ContractState), value
    return _KINDS.get(value, "amber")


@views.app_template_filter()
def share(value: int) -> str:
    """Write basis points as a percentage with two decimals."""
    return contracts.write_share(value)


def taken(field: str, *, is_sealed: bool = False, only_pictures: bool = False) -> tuple[Any, ...]:
    """Take in the files of a form's field; empty ones are left aside.

    Raises: the refusals of `files.take_in`.
    """
    accept = files.IMAGES if only_pictures else PAPERS
    sent = [(each.filename, each.read()) for each in request.files.getlist(field)]
    return tuple(
        files.take_in(files.Upload(name, content), accept, is_sealed=is_sealed)
        for name, content in sent
        if name and content
    )


def taken_one(field: str) -> files.Ready:
    """Take in the one paper a form must carry, kept encrypted.

    Raises: ScanMissing, the refusals of `files.take_in`.
    """
    found = taken(field, is_sealed=True)
    if not found:
        raise ScanMissing
    ready: files.Ready = found[0]
    return ready


def post(
    schema: Schema,
    act: Callable[[dict[str, Any]], object],
    again: Callable[[forms.Form], str],
    told: str,
    endpoint: str,
    **parts: Any,
) -> ResponseReturnValue:
    """Read a form, act, and go to a page with a sentence; or show the form again."""

    def done(_: object) -> ResponseReturnValue:
        flash(told)
        return redirect(url_for(endpoint, **parts), 303)

    return forms.submit(schema, act, again, done)
