"""The project officer's desk of contracts: draft, sign, change, accept, pay, end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock
from community.kernel import db as kernel_db
from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.queries import contract_pages as queries
from community.micro_projects.queries import contracts as contract_queries
from community.micro_projects.queries import deliveries as delivery_queries
from community.micro_projects.queries import payments as payment_queries
from community.micro_projects.queries.contracting import awards_without_contract, get_contractable
from community.micro_projects.queries.projects import find_project
from community.micro_projects.rules.contracts import SIDES, ChangeState
from community.micro_projects.rules.milestones import UNDONE, MilestoneState
from community.micro_projects.rules.plans import (
    MOST_MILESTONES,
    read_plan,
    usual_plan,
    write_changed_plan,
)
from community.micro_projects.schemas import contracts as schemas
from community.micro_projects.service import changes, contracts, endings, milestones, payments
from community.micro_projects.service import site_notes as notes
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.contract_words import contract_word, post, taken, taken_one
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.layout import DeskLink

DESK = (
    DeskLink(
        N_("合同与验收"),
        "micro_projects.desk_contracts",
        permissions.READ.code,
        order=640,
        group=N_("民生微实事"),
    ),
)
USUAL_DAYS = 60


@views.get("/desk/contracts")
@needs(permissions.READ)
def desk_contracts() -> str:
    """List what is due, what waits for a verdict or a check, and all contracts."""
    actor = the_actor()
    due = delivery_queries.due_milestones(db.session, actor.community_id)
    is_waiting = MilestoneState.SUBMITTED
    return render_template(
        "micro_projects/desk_contracts.html",
        unsigned=awards_without_contract(db.session, actor.community_id),
        waiting=[each for each in due if each.state is is_waiting],
        late=[each for each in due if each.is_overdue],
        coming=[each for each in due if each.state is not is_waiting and not each.is_overdue],
        prepared=payment_queries.prepared_payments(db.session, actor.community_id),
        contracts=contract_queries.contracts(db.session, actor.community_id),
    )


@views.get("/desk/awards/<int:award_id>/contract")
@needs(permissions.CONTRACT)
def new_contract(award_id: int) -> str:
    """Show the form of a contract on an award."""
    return _new(award_id, forms.Form())


@views.post("/desk/awards/<int:award_id>/contract")
@needs(permissions.CONTRACT)
def draft_contract(award_id: int) -> ResponseReturnValue:
    """Draft a contract."""

    def act(values: dict[str, Any]) -> int:
        made: int = kernel_db.write(
            contracts.draft_contract,
            the_actor(),
            award_id,
            values["draft"],
            request_key=forms.request_key(),
        )
        return made

    def done(contract_id: int) -> ResponseReturnValue:
        flash(gettext("合同已生成。打印、双方签字后，拍照登记。"))
        return redirect(url_for("micro_projects.desk_contract", contract_id=contract_id), 303)

    return forms.submit(schemas.ContractForm(), act, lambda form: _new(award_id, form), done)


@views.get("/desk/contracts/<int:contract_id>")
@needs(permissions.READ)
def desk_contract(contract_id: int) -> str:
    """Show a contract with what is to be done next."""
    return _one(contract_id, forms.Form())


@views.post("/desk/contracts/<int:contract_id>/sign")
@needs(permissions.CONTRACT)
def sign_contract(contract_id: int) -> ResponseReturnValue:
    """Record that one side, or both on one paper, signed."""

    def act(values: dict[str, Any]) -> object:
        return kernel_db.write(
            contracts.sign_contract,
            the_actor(),
            contract_id,
            values["sides"],
            values["signed_on"],
            taken_one("scan"),
            request_key=forms.request_key(),
        )

    return _post(contract_id, schemas.SignForm(), act, gettext("签字已登记。"))


@views.post("/desk/contracts/<int:contract_id>/cancel")
@needs(permissions.CONTRACT)
def cancel_contract(contract_id: int) -> ResponseReturnValue:
    """Give up a contract that was not signed."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(
            contracts.cancel_contract, the_actor(), contract_id, values["reason"], request_key=key
        )

    return _post(contract_id, schemas.ReasonForm(), act, gettext("合同已作废，理由已公开。"))


@views.post("/desk/contracts/<int:contract_id>/changes")
@needs(permissions.CONTRACT)
def propose_change(contract_id: int) -> ResponseReturnValue:
    """Propose a change."""

    def act(values: dict[str, Any]) -> None:
        papers = taken("paper", is_sealed=True)
        kernel_db.write(
            changes.propose_change,
            the_actor(),
            contract_id,
            values["draft"],
            papers[0] if papers else None,
            request_key=forms.request_key(),
        )

    return _post(contract_id, schemas.ChangeForm(), act, gettext("变更已提出，等另一位批准。"))


@views.post("/desk/contracts/<int:contract_id>/changes/<int:change_id>")
@needs(permissions.APPROVE_CHANGE)
def decide_change(contract_id: int, change_id: int) -> ResponseReturnValue:
    """Approve or refuse a change."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            changes.decide_change,
            the_actor(),
            change_id,
            values["is_approved"],
            values["words"],
            request_key=forms.request_key(),
        )

    return _post(contract_id, schemas.DecisionForm(), act, gettext("已处理。"))


@views.post("/desk/contracts/<int:contract_id>/deliveries/<int:delivery_id>")
@needs(permissions.ACCEPT)
def judge_delivery(contract_id: int, delivery_id: int) -> ResponseReturnValue:
    """Accept a delivery or return it."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            milestones.judge_delivery,
            the_actor(),
            delivery_id,
            values["verdict"],
            values["words"],
            request_key=forms.request_key(),
        )

    return _post(
        contract_id, schemas.VerdictForm(), act, gettext("验收意见已登记，承接机构看得到。")
    )


@views.post("/desk/contracts/<int:contract_id>/notes/<int:note_id>")
@needs(permissions.CONTRACT)
def answer_note(contract_id: int, note_id: int) -> ResponseReturnValue:
    """Answer what somebody saw at the site."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(notes.answer_note, the_actor(), note_id, values["words"], request_key=key)

    return _post(contract_id, schemas.AnswerForm(), act, gettext("答复已公开。"))


@views.post("/desk/contracts/<int:contract_id>/milestones/<int:milestone_id>/payment")
@needs(permissions.PREPARE_PAYMENT)
def prepare_payment(contract_id: int, milestone_id: int) -> ResponseReturnValue:
    """Put an accepted milestone forward for payment."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            payments.prepare_payment,
            the_actor(),
            milestone_id,
            values["invoice_number"],
            taken_one("invoice"),
            request_key=forms.request_key(),
        )

    return _post(contract_id, schemas.InvoiceForm(), act, gettext("付款已提出，等另一位复核。"))


@views.post("/desk/contracts/<int:contract_id>/payments/<int:payment_id>")
@needs(permissions.CHECK_PAYMENT)
def check_payment(contract_id: int, payment_id: int) -> ResponseReturnValue:
    """Pay what another prepared, or return it."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            payments.check_payment,
            the_actor(),
            payment_id,
            values["is_approved"],
            values["words"],
            request_key=forms.request_key(),
        )

    return _post(contract_id, schemas.DecisionForm(), act, gettext("复核意见已登记。"))


@views.post("/desk/contracts/<int:contract_id>/end")
@needs(permissions.END_CONTRACT)
def break_off(contract_id: int) -> ResponseReturnValue:
    """End a contract half-way."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(
            endings.break_off, the_actor(), contract_id, values["ending"], request_key=key
        )

    told = gettext("合同已终止。已验收的照付，其余的钱已放回项目。")
    return _post(contract_id, schemas.EndingForm(), act, told)


@views.post("/desk/contracts/<int:contract_id>/claw-backs")
@needs(permissions.END_CONTRACT)
def ask_back(contract_id: int) -> ResponseReturnValue:
    """Record money that the contractor owes back."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            endings.ask_back,
            the_actor(),
            contract_id,
            values["amount_fen"],
            values["reason"],
            values["due_on"],
            request_key=forms.request_key(),
        )

    return _post(contract_id, schemas.ClawBackForm(), act, gettext("追回款已登记并公开。"))


@views.post("/desk/contracts/<int:contract_id>/claw-backs/<int:claw_back_id>")
@needs(permissions.CHECK_PAYMENT)
def settle_claw_back(contract_id: int, claw_back_id: int) -> ResponseReturnValue:
    """Enter that money came back, or waive it."""

    def act(values: dict[str, Any]) -> None:
        slips = taken("slip", is_sealed=True)
        kernel_db.write(
            endings.settle_claw_back,
            the_actor(),
            claw_back_id,
            values["is_received"],
            values["words"],
            slips[0] if slips else None,
            request_key=forms.request_key(),
        )

    return _post(contract_id, schemas.SettledForm(), act, gettext("已处理。"))


def _post(contract_id: int, schema: Any, act: Any, told: str) -> ResponseReturnValue:
    again = lambda form: _one(contract_id, form)  # noqa: E731
    where = "micro_projects.desk_contract"
    return post(schema, act, again, told, where, contract_id=contract_id)


def _new(award_id: int, form: forms.Form) -> str:
    actor = the_actor()
    award = get_contractable(db.session, actor.community_id, award_id)
    project = find_project(db.session, actor.community_id, award.project_id)
    starts_on = clock.today()
    ends_on = starts_on + timedelta(days=USUAL_DAYS)
    firms = identity.organizations(db.session, actor.community_id)
    return render_template(
        "micro_projects/contract_form.html",
        form=form,
        award=award,
        project=project,
        party=next((each.name for each in firms if each.id == award.organization_id), ""),
        supervisors=[(each.id, each.name) for each in firms if each.id != award.organization_id],
        starts_on=starts_on,
        ends_on=ends_on,
        plan=read_plan(usual_plan(project.kind, starts_on, ends_on)),
        most_milestones=MOST_MILESTONES,
    )


def _one(contract_id: int, form: forms.Form) -> str:
    actor = the_actor()
    page = queries.contract_page(db.session, actor.community_id, contract_id)
    undone = [each for each in page.milestones if each.state in UNDONE]
    rows = [(each.number, each.amount_fen, each.due_on) for each in undone]
    signed = {each.side for each in page.signatures}
    sides = [(each.value, contract_word(each)) for each in SIDES if each not in signed]
    if len(sides) > 1:
        sides.append(("both", gettext("双方签在同一份纸上")))
    return render_template(
        "micro_projects/desk_contract.html",
        form=form,
        page=page,
        contract=page.contract,
        project=find_project(db.session, actor.community_id, page.contract.project_id),
        sides=sides,
        undone=undone,
        plan=write_changed_plan(rows),
        open_change=next((each for each in page.changes if each.state is ChangeState.OPEN), None),
        left_fen=sum(each.amount_fen for each in undone),
        today=clock.today(),
        usual_due=clock.today() + timedelta(days=30),
    )
