"""The desk of a project's end: pictures and papers, the survey's sheet, the report, the pack."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel import db as kernel_db
from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.queries import closing as queries
from community.micro_projects.queries import contract_pages, contracts
from community.micro_projects.queries.closing_gaps import closing_gaps
from community.micro_projects.queries.money import holds_of
from community.micro_projects.queries.projects import find_project
from community.micro_projects.rules.milestones import MOST_FILES, PAPERS
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.schemas import closing as schemas
from community.micro_projects.service import closing, surveys, year_end
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.closing_pack import make_pack
from community.micro_projects.views.contract_words import contract_word, post, taken
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.layout import DeskLink
from community.web.pdf import make_pdf, send_pdf
from community.web.qr import qr_svg
from community.web.sheets import send_file

DESK = (
    DeskLink(
        N_("评价与年末规则"),
        "micro_projects.closing_rules",
        permissions.READ.code,
        order=660,
        group=N_("民生微实事"),
    ),
)


@views.get("/desk/projects/<int:project_id>/closing")
@needs(permissions.READ)
def desk_closing(project_id: int) -> str:
    """Show what a project still lacks before it is closed."""
    return _closing(project_id, forms.Form())


@views.post("/desk/projects/<int:project_id>/papers")
@needs(permissions.CONTRACT)
def add_papers(project_id: int) -> ResponseReturnValue:
    """Keep pictures and papers of a project."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            closing.add_papers,
            the_actor(),
            project_id,
            values["kind"],
            values["title"],
            taken("papers"),
            request_key=forms.request_key(),
        )

    return _post(project_id, schemas.PapersForm(), act, gettext("资料已保存。"))


@views.post("/desk/projects/<int:project_id>/survey")
@needs(permissions.CONTRACT)
def open_survey(project_id: int) -> ResponseReturnValue:
    """Open the satisfaction survey."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            surveys.open_survey,
            the_actor(),
            project_id,
            values["place"],
            values["closes_on"],
            request_key=forms.request_key(),
        )

    told = gettext("调查已开始。请打印二维码，贴在现场。")
    return _post(project_id, schemas.SurveyForm(), act, told)


@views.get("/desk/projects/<int:project_id>/survey-sheet")
@needs(permissions.READ)
def survey_sheet(project_id: int) -> ResponseReturnValue:
    """Draw the sheet with the survey's code, to hang at the place."""
    actor = the_actor()
    found = queries.get_survey(db.session, actor.community_id, project_id)
    project = find_project(db.session, actor.community_id, project_id)
    address = url_for("micro_projects.survey", project_id=project_id, _external=True)
    return send_pdf(
        gettext("满意度调查二维码"),
        "micro_projects/survey_sheet.html",
        project=project,
        survey=found,
        community_name=g.community.name,
        last_day=clock.day_of(found.closes_at - timedelta(days=1)),
        address=address,
        qr=qr_svg(address, gettext("满意度调查二维码"), is_printed=True),
    )


@views.post("/desk/projects/<int:project_id>/close")
@needs(permissions.CONTRACT)
def close_project(project_id: int) -> ResponseReturnValue:
    """Close a project with its report."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(
            closing.close_project, the_actor(), project_id, values["draft"], request_key=key
        )

    told = gettext("项目已结项，结余的钱已放回。")
    return _post(project_id, schemas.ReportForm(), act, told)


@views.get("/desk/projects/<int:project_id>/pack")
@needs(permissions.READ)
def closing_pack(project_id: int) -> ResponseReturnValue:
    """Download everything about a project's end in one file."""
    actor = the_actor()
    project = find_project(db.session, actor.community_id, project_id)
    made = make_pack(actor.community_id, project_id, _contract_papers(project_id))
    name = f"{gettext('结项资料')}-{project.number}.zip"
    return send_file(name, made, "application/zip")


@views.get("/desk/closing-rules")
@needs(permissions.READ)
def closing_rules() -> str:
    """Show the rules of surveys and years' ends in force, and who may set others."""
    return _rules(forms.Form())


@views.post("/desk/closing-rules")
@needs(permissions.REVIEW)
def set_closing_rules() -> ResponseReturnValue:
    """Set the rules from a day on."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(year_end.set_closing_rules, the_actor(), values["terms"], request_key=key)

    where = "micro_projects.closing_rules"
    return post(schemas.RulesForm(), act, _rules, gettext("规则已保存。"), where)


@views.post("/desk/closing-rules/year")
@needs(permissions.END_CONTRACT)
def close_year() -> ResponseReturnValue:
    """Decide each running contract at the end of a year."""

    def act(values: dict[str, Any]) -> year_end.YearEndCount:
        key = forms.request_key()
        made: year_end.YearEndCount = kernel_db.write(
            year_end.close_year, the_actor(), values["year"], request_key=key
        )
        return made

    def done(count: year_end.YearEndCount) -> ResponseReturnValue:
        told = gettext(
            "年末结转：%(carried)s 份结转，%(lapsed)s 份收回，%(waiting)s 份先验收再办。",
            carried=count.carried,
            lapsed=count.lapsed,
            waiting=count.waiting,
        )
        flash(told)
        return redirect(url_for("micro_projects.closing_rules"), 303)

    return forms.submit(schemas.YearForm(), act, _rules, done)


def _post(project_id: int, schema: Any, act: Any, told: str) -> ResponseReturnValue:
    again = lambda form: _closing(project_id, form)  # noqa: E731
    where = "micro_projects.desk_closing"
    return post(schema, act, again, told, where, project_id=project_id)


def _contract_papers(project_id: int) -> list[tuple[str, bytes]]:
    """Draw each signed contract of a project as its paper."""
    actor = the_actor()
    found = contract_pages.public_contracts(db.session, actor, project_id)
    return [
        (
            f"{each.number}",
            make_pdf(
                "micro_projects/contract_paper.html",
                page=contract_pages.contract_page(db.session, actor.community_id, each.id),
                contract=each,
                community_name=g.community.name,
                supervisor="",
                address=url_for("micro_projects.contract", contract_id=each.id, _external=True),
            ),
        )
        for each in found
    ]


def _closing(project_id: int, form: forms.Form) -> str:
    actor = the_actor()
    community_id = actor.community_id
    project = find_project(db.session, community_id, project_id)
    survey = queries.find_survey(db.session, community_id, project_id)
    terms = queries.closing_terms(db.session, community_id, clock.today())
    held = holds_of(db.session, community_id, project_id)
    states = {ProjectState.ACCEPTING, ProjectState.EVALUATED}
    return render_template(
        "micro_projects/desk_closing.html",
        form=form,
        project=project,
        contracts=contracts.contracts_of(db.session, community_id, project_id),
        gaps=closing_gaps(db.session, community_id, project_id),
        survey=survey,
        result=survey and queries.survey_result(db.session, community_id, survey),
        papers=queries.papers_of(db.session, community_id, project_id),
        report=queries.find_report(db.session, community_id, project_id),
        left_fen=sum(each.left_fen for each in held),
        kinds=[(each.value, contract_word(each)) for each in PAPERS],
        is_judged=project.state is ProjectState.EVALUATED,
        may_ask=project.state in states and survey is None,
        terms=terms,
        first_close=clock.today() + timedelta(days=terms.survey_days),
        last_day=survey and clock.day_of(survey.closes_at - timedelta(days=1)),
        most=MOST_FILES,
    )


def _rules(form: forms.Form) -> str:
    actor = the_actor()
    today = clock.today()
    return render_template(
        "micro_projects/closing_rules.html",
        form=form,
        terms=queries.closing_terms(db.session, actor.community_id, today),
        today=today,
        year=today.year if today.month == 12 else today.year - 1,
    )
