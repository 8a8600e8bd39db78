"""What everybody sees of a project being done: money, dates, pictures; and the spot check."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock, files
from community.kernel import db as kernel_db
from community.micro_projects import permissions
from community.micro_projects.errors.contracts import ContractNotFound
from community.micro_projects.queries import closing as closing_queries
from community.micro_projects.queries import contract_pages as queries
from community.micro_projects.queries.projects import get_public_project
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.milestones import FINDINGS, GALLERY, MOST_FILES
from community.micro_projects.rules.surveys import TITLES as LEVELS
from community.micro_projects.schemas import closing as closing_schemas
from community.micro_projects.schemas import contracts as schemas
from community.micro_projects.service import site_notes, surveys
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.contract_words import contract_word, post, taken
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.pdf import send_pdf
from community.web.stored_files import send_stored_file


@views.get("/projects/<int:project_id>/delivery")
@public
def delivery(project_id: int) -> str:
    """Show everybody how a project is being done, what it cost so far and what became of it."""
    actor = the_actor()
    project = get_public_project(db.session, actor, project_id)
    contracts = queries.public_contracts(db.session, actor, project_id)
    papers = closing_queries.papers_of(db.session, actor.community_id, project_id)
    survey = closing_queries.find_survey(db.session, actor.community_id, project_id)
    return render_template(
        "micro_projects/delivery.html",
        project=project,
        pages=[
            queries.contract_page(db.session, actor.community_id, each.id)
            for each in reversed(contracts)
        ],
        gallery=[each for each in papers if each.kind in GALLERY],
        survey=survey,
        result=survey and closing_queries.survey_result(db.session, actor.community_id, survey),
        words=survey and closing_queries.survey_words(db.session, actor.community_id, survey),
        last_day=survey and clock.day_of(survey.closes_at - timedelta(days=1)),
        levels=[contract_word(each) for each in LEVELS],
        report=closing_queries.find_report(db.session, actor.community_id, project_id),
    )


@views.get("/contracts/<int:contract_id>")
@public
def contract(contract_id: int) -> str:
    """Show everybody what a contract says."""
    actor = the_actor()
    queries.get_public_contract(db.session, actor, contract_id)
    return render_template("micro_projects/contract.html", **_said(contract_id))


@views.get("/contracts/<int:contract_id>/paper")
@public
def contract_paper(contract_id: int) -> ResponseReturnValue:
    """Draw a contract from its template, to be signed."""
    actor = the_actor()
    found = queries.get_public_contract(db.session, actor, contract_id)
    name = f"{gettext('合同')}-{found.number}"
    return send_pdf(name, "micro_projects/contract_paper.html", **_said(contract_id))


@views.get("/contracts/<int:contract_id>/files/<int:file_id>")
@public
def contract_file(contract_id: int, file_id: int) -> ResponseReturnValue:
    """Show a picture or paper of a contract to whoever may see it."""
    actor = the_actor()
    is_public = queries.check_file(db.session, actor, contract_id, file_id)
    view = files.get_file(db.session, actor.community_id, file_id)
    return send_stored_file(view, is_public=is_public)


@views.get("/projects/<int:project_id>/papers/<int:file_id>")
@public
def project_paper(project_id: int, file_id: int) -> ResponseReturnValue:
    """Show a picture of before or after to everybody, other papers to the desk."""
    actor = the_actor()
    is_public = queries.check_paper(db.session, actor, project_id, file_id)
    view = files.get_file(db.session, actor.community_id, file_id)
    return send_stored_file(view, is_public=is_public)


@views.get("/contracts/<int:contract_id>/spot-check")
@needs(permissions.JUDGE)
def spot_check(contract_id: int) -> str:
    """Let a resident write down what they saw."""
    return _spot_check(contract_id, forms.Form())


@views.post("/contracts/<int:contract_id>/spot-check")
@needs(permissions.JUDGE)
def note_spot_check(contract_id: int) -> ResponseReturnValue:
    """Keep a resident's spot check."""
    project_id = _running(contract_id).project_id

    def act(values: dict[str, Any]) -> int:
        draft = site_notes.NoteDraft(**values, pictures=taken("pictures", only_pictures=True))
        key = forms.request_key()
        made: int = kernel_db.write(
            site_notes.note_spot_check, the_actor(), contract_id, draft, request_key=key
        )
        return made

    told = gettext("谢谢，已公开登记。有问题的，社区会在这里答复。")
    again = lambda form: _spot_check(contract_id, form)  # noqa: E731
    where = "micro_projects.delivery"
    return post(schemas.NoteForm(), act, again, told, where, project_id=project_id)


@views.get("/projects/<int:project_id>/survey")
@public
def survey(project_id: int) -> str:
    """Open what the code at the place leads to."""
    return _survey(project_id, forms.Form())


@views.post("/projects/<int:project_id>/survey")
@needs(permissions.JUDGE)
def answer_survey(project_id: int) -> ResponseReturnValue:
    """Keep a resident's answer."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            surveys.answer_survey,
            the_actor(),
            project_id,
            values["level"],
            values["words"],
            request_key=forms.request_key(),
        )

    told = gettext("谢谢，您的评价已收到。公开的只有合计，没有人知道是您。")
    again = lambda form: _survey(project_id, form)  # noqa: E731
    where = "micro_projects.survey"
    shape = closing_schemas.SurveyAnswerForm()
    return post(shape, act, again, told, where, project_id=project_id)


def _said(contract_id: int) -> dict[str, Any]:
    actor = the_actor()
    page = queries.contract_page(db.session, actor.community_id, contract_id)
    supervisor_id = page.contract.supervisor_id
    found = (
        identity.organizations(db.session, actor.community_id, organization_id=supervisor_id)
        if supervisor_id
        else ()
    )
    return {
        "page": page,
        "contract": page.contract,
        "community_name": g.community.name,
        "supervisor": found[0].name if found else "",
        "address": url_for("micro_projects.contract", contract_id=contract_id, _external=True),
    }


def _running(contract_id: int) -> Any:
    found = queries.get_public_contract(db.session, the_actor(), contract_id)
    if found.state is not ContractState.ACTIVE:
        raise ContractNotFound
    return found


def _spot_check(contract_id: int, form: forms.Form) -> str:
    return render_template(
        "micro_projects/spot_check.html",
        form=form,
        contract=_running(contract_id),
        findings=[(each.value, contract_word(each)) for each in FINDINGS],
        most=MOST_FILES,
    )


def _survey(project_id: int, form: forms.Form) -> str:
    actor = the_actor()
    project = get_public_project(db.session, actor, project_id)
    found = closing_queries.get_survey(db.session, actor.community_id, project_id)
    has_answered = actor.subject_id is not None and closing_queries.has_answered(
        db.session, actor.community_id, found.id, actor.subject_id
    )
    return render_template(
        "micro_projects/survey.html",
        form=form,
        project=project,
        survey=found,
        has_answered=has_answered,
        levels=[(int(each), contract_word(each)) for each in LEVELS],
        last_day=clock.day_of(found.closes_at - timedelta(days=1)),
    )
