"""An organisation's own page: what is due, handing in evidence from a phone, its notes."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock
from community.kernel import db as kernel_db
from community.micro_projects import permissions
from community.micro_projects.queries import contract_pages as queries
from community.micro_projects.queries import contracts as contract_queries
from community.micro_projects.queries import deliveries as delivery_queries
from community.micro_projects.rules.contracts import ContractState, Side
from community.micro_projects.rules.milestones import FINDINGS, MOST_FILES, OWED
from community.micro_projects.schemas import contracts as schemas
from community.micro_projects.service import contracts, milestones
from community.micro_projects.service import site_notes as notes
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.contract_words import contract_word, post, taken, taken_one
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get("/deliveries")
@needs(permissions.DELIVER)
def deliveries() -> str:
    """List what the reader's organisation owes, the most overdue first, and its contracts."""
    actor = the_actor()
    employer = queries.employer_of(db.session, actor)
    community_id = actor.community_id
    if employer is None:
        return render_template("micro_projects/deliveries.html", firm=None)
    firms = identity.organizations(db.session, community_id, organization_id=employer)
    return render_template(
        "micro_projects/deliveries.html",
        firm=firms[0].name if firms else "",
        due=delivery_queries.due_milestones(db.session, community_id, employer),
        contracts=contract_queries.contracts(db.session, community_id, employer),
        supervised=contract_queries.supervised_contracts(db.session, community_id, employer),
    )


@views.get("/deliveries/<int:contract_id>")
@needs(permissions.DELIVER)
def own_contract(contract_id: int) -> str:
    """Show an organisation its contract: the next thing to hand in first."""
    return _own(contract_id, forms.Form())


@views.post("/deliveries/<int:contract_id>/sign")
@needs(permissions.DELIVER)
def sign_own_side(contract_id: int) -> ResponseReturnValue:
    """Record the organisation's own signature."""

    def act(values: dict[str, Any]) -> object:
        return kernel_db.write(
            contracts.sign_contract,
            the_actor(),
            contract_id,
            (Side.ORGANIZATION,),
            values["signed_on"],
            taken_one("scan"),
            request_key=forms.request_key(),
        )

    return _post(contract_id, schemas.OwnSignForm(), act, gettext("签字已登记。"))


@views.post("/deliveries/<int:contract_id>/milestones/<int:milestone_id>")
@needs(permissions.DELIVER)
def submit_milestone(contract_id: int, milestone_id: int) -> ResponseReturnValue:
    """Hand in a milestone with its evidence."""

    def act(values: dict[str, Any]) -> int:
        draft = milestones.DeliveryDraft(**values, evidence=taken("evidence"))
        key = forms.request_key()
        made: int = kernel_db.write(
            milestones.submit_milestone, the_actor(), milestone_id, draft, request_key=key
        )
        return made

    told = gettext("已提交，等社区验收。照片的指纹已写入公开记录。")
    return _post(contract_id, schemas.DeliveryForm(), act, told)


@views.post("/deliveries/<int:contract_id>/notes")
@needs(permissions.DELIVER)
def note_supervision(contract_id: int) -> ResponseReturnValue:
    """Keep what the supervising organisation found."""

    def act(values: dict[str, Any]) -> int:
        draft = notes.NoteDraft(**values, pictures=taken("pictures", only_pictures=True))
        key = forms.request_key()
        made: int = kernel_db.write(
            notes.note_supervision, the_actor(), contract_id, draft, request_key=key
        )
        return made

    return _post(contract_id, schemas.NoteForm(), act, gettext("监理意见已公开。"))


def _post(contract_id: int, schema: Any, act: Any, told: str) -> ResponseReturnValue:
    again = lambda form: _own(contract_id, form)  # noqa: E731
    where = "micro_projects.own_contract"
    return post(schema, act, again, told, where, contract_id=contract_id)


def _own(contract_id: int, form: forms.Form) -> str:
    actor = the_actor()
    found = queries.get_own_contract(db.session, actor, contract_id)
    page = queries.contract_page(db.session, actor.community_id, contract_id)
    is_ours = queries.employer_of(db.session, actor) == found.organization_id
    next_due = next((each for each in page.milestones if each.state in OWED), None)
    return render_template(
        "micro_projects/own_contract.html",
        form=form,
        page=page,
        contract=found,
        is_ours=is_ours,
        next_due=next_due if is_ours and found.state is not ContractState.PENDING else None,
        is_unsigned=Side.ORGANIZATION not in {each.side for each in page.signatures},
        findings=[(each.value, contract_word(each)) for each in FINDINGS],
        most=MOST_FILES,
        today=clock.today(),
    )
