"""The project officer's desk of tenders: draft, check, publish, answer, amend, open, call off."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity, sealing
from community.kernel import clock, files
from community.kernel.db import write
from community.kernel.permissions import Role
from community.micro_projects import permissions
from community.micro_projects.queries import projects as project_queries
from community.micro_projects.queries import tenders as queries
from community.micro_projects.queries.tender_terms import tender_terms
from community.micro_projects.rules.tenders import (
    CRITERION_TITLES,
    METHOD_TITLES,
    SEALED_METHODS,
    CriterionKind,
    TenderMethod,
    TenderState,
)
from community.micro_projects.schemas import tenders as schemas
from community.micro_projects.service import enquiries, opening, publishing_tenders, retendering
from community.micro_projects.service import tender_drafts as service
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.tender_words import LEVEL_NAMES, LEVEL_TITLES, stations
from community.sealing import BoxLevel
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.stored_files import read_upload

OPENER_ROLES = (Role.STAFF, Role.COMMITTEE, Role.STREET, Role.AUDITOR)
# Rows of the form; a tender with more criteria is written over the API.
CRITERION_ROWS = 6
SEALED_IN_ORDER = tuple(each for each in TenderMethod if each in SEALED_METHODS)
_USUAL = (
    (CriterionKind.PRICE.value, "价格", "15"),
    (CriterionKind.TECHNICAL.value, "实施方案", "60"),
    (CriterionKind.BUSINESS.value, "类似经验", "25"),
)


@views.get("/desk/tenders")
@needs(permissions.READ)
def desk_tenders() -> str:
    """List all tenders, and the approved projects that wait for one."""
    actor = the_actor()
    found = queries.desk_tenders(db.session, actor)
    return render_template(
        "micro_projects/desk_tenders.html",
        tenders=found,
        waiting=queries.projects_without_tender(db.session, actor.community_id),
    )


@views.get("/desk/tenders/new")
@needs(permissions.PREPARE_TENDER)
def new_tender() -> ResponseReturnValue:
    """Draft a tender for a project."""
    project_id = forms.asked_number("project")
    if project_id is None:
        return redirect(url_for("micro_projects.desk_tenders"), 303)
    return _form(project_id, None, forms.Form())


@views.post("/desk/tenders/new")
@needs(permissions.PREPARE_TENDER)
def draft_tender() -> ResponseReturnValue:
    """Keep the draft and go on to it."""

    def act(values: dict[str, Any]) -> Any:
        given = (values["project_id"], values["draft"])
        return write(service.draft_tender, the_actor(), *given, request_key=forms.request_key())

    def again(form: forms.Form) -> str:
        project_id = forms.read_number(request.form.get("project_id", "")) or 0
        return _form(project_id, None, form)

    return forms.submit(schemas.NewTenderForm(), act, again, _to_desk)


@views.get("/desk/tenders/<int:tender_id>")
@needs(permissions.READ)
def desk_tender(tender_id: int) -> str:
    """Show a tender and the next step."""
    return _desk(tender_id, forms.Form())


@views.get("/desk/tenders/<int:tender_id>/edit")
@needs(permissions.PREPARE_TENDER)
def edit_tender(tender_id: int) -> str:
    """Change a draft."""
    found = queries.find_tender(db.session, the_actor().community_id, tender_id)
    return _form(found.project_id, found, forms.Form())


@views.post("/desk/tenders/<int:tender_id>/edit")
@needs(permissions.PREPARE_TENDER)
def change_tender(tender_id: int) -> ResponseReturnValue:
    """Keep the changed draft."""

    def act(values: dict[str, Any]) -> int:
        given = (tender_id, values["draft"])
        write(service.change_tender, the_actor(), *given, request_key=forms.request_key())
        return tender_id

    def again(form: forms.Form) -> str:
        found = queries.find_tender(db.session, the_actor().community_id, tender_id)
        return _form(found.project_id, found, form)

    return forms.submit(schemas.TenderForm(), act, again, _to_desk)


@views.post("/desk/tenders/<int:tender_id>/documents")
@needs(permissions.PREPARE_TENDER)
def add_document(tender_id: int) -> ResponseReturnValue:
    """Add a file to a draft."""

    def act(values: dict[str, Any]) -> Any:
        sent = read_upload("file")
        if sent is None:
            raise files.FileEmpty
        given = (tender_id, values["title"], files.take_in(sent))
        return write(service.add_document, the_actor(), *given, request_key=forms.request_key())

    return _press(tender_id, schemas.DocumentForm(), act, gettext("文件已加入。"))


@views.post("/desk/tenders/<int:tender_id>/documents/<int:document_id>/drop")
@needs(permissions.PREPARE_TENDER)
def drop_document(tender_id: int, document_id: int) -> ResponseReturnValue:
    """Take a file out of a draft."""

    def act(_: dict[str, Any]) -> Any:
        given = (tender_id, document_id)
        return write(service.drop_document, the_actor(), *given, request_key=forms.request_key())

    return _press(tender_id, schemas.Nothing(), act, gettext("文件已移除。"))


@views.post("/desk/tenders/<int:tender_id>/submit")
@needs(permissions.PREPARE_TENDER)
def submit_for_check(tender_id: int) -> ResponseReturnValue:
    """Hand a draft in for its compliance check."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(publishing_tenders.submit_for_check, the_actor(), tender_id, request_key=key)

    return _press(tender_id, schemas.Nothing(), act, gettext("已提交审查，请另一位工作人员办理。"))


@views.post("/desk/tenders/<int:tender_id>/check")
@needs(permissions.CHECK_TENDER)
def check_tender(tender_id: int) -> ResponseReturnValue:
    """Pass the check, or send the draft back."""

    def act(values: dict[str, Any]) -> Any:
        given = (tender_id, values["passes"], values["words"])
        key = forms.request_key()
        return write(publishing_tenders.check_tender, the_actor(), *given, request_key=key)

    return _press(tender_id, schemas.CheckForm(), act, gettext("审查结果已记下。"))


@views.post("/desk/tenders/<int:tender_id>/publish")
@needs(permissions.PREPARE_TENDER)
def publish_tender(tender_id: int) -> ResponseReturnValue:
    """Publish what was checked."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(publishing_tenders.publish_tender, the_actor(), tender_id, request_key=key)

    return _press(tender_id, schemas.Nothing(), act, gettext("招标已发布。"))


@views.post("/desk/tenders/<int:tender_id>/questions/<int:question_id>/answer")
@needs(permissions.PREPARE_TENDER)
def answer_question(tender_id: int, question_id: int) -> ResponseReturnValue:
    """Answer a question for everybody."""

    def act(values: dict[str, Any]) -> Any:
        given = (question_id, values["answer"])
        key = forms.request_key()
        return write(enquiries.answer_question, the_actor(), *given, request_key=key)

    return _press(tender_id, schemas.AnswerQuestionForm(), act, gettext("答复已公开。"))


@views.post("/desk/tenders/<int:tender_id>/amend")
@needs(permissions.PREPARE_TENDER)
def amend_tender(tender_id: int) -> ResponseReturnValue:
    """Change a published tender for everybody."""

    def act(values: dict[str, Any]) -> Any:
        sent = read_upload("file")
        uploads = () if sent is None else (files.take_in(sent),)
        given = (tender_id, values["words"], values["deadline"], uploads)
        return write(enquiries.amend_tender, the_actor(), *given, request_key=forms.request_key())

    return _press(tender_id, schemas.AmendmentForm(), act, gettext("更正已公布，并通知了各单位。"))


@views.post("/desk/tenders/<int:tender_id>/open")
@needs(permissions.OPEN_TENDER)
def open_tender(tender_id: int) -> ResponseReturnValue:
    """Open the envelopes in public."""

    def act(_: dict[str, Any]) -> Any:
        return write(opening.open_tender, the_actor(), tender_id, request_key=forms.request_key())

    def done(state: TenderState) -> ResponseReturnValue:
        if state is TenderState.UNSUCCESSFUL:
            flash(gettext("投标家数不足，没有开标，这次招标流标。"))
            return _to_desk(tender_id)
        return redirect(url_for("micro_projects.tender_opening", tender_id=tender_id), 303)

    return forms.submit(schemas.Nothing(), act, lambda form: _desk(tender_id, form), done)


@views.post("/desk/tenders/<int:tender_id>/cancel")
@needs(permissions.PREPARE_TENDER)
def cancel_tender(tender_id: int) -> ResponseReturnValue:
    """Call a tender off, with its reason."""

    def act(values: dict[str, Any]) -> Any:
        given = (tender_id, values["reason"])
        key = forms.request_key()
        return write(retendering.cancel_tender, the_actor(), *given, request_key=key)

    return _press(tender_id, schemas.CancelForm(), act, gettext("招标已取消，理由已公开。"))


@views.post("/desk/tenders/<int:tender_id>/retender")
@needs(permissions.PREPARE_TENDER)
def retender(tender_id: int) -> ResponseReturnValue:
    """Draft a failed tender again."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(retendering.retender, the_actor(), tender_id, request_key=key)

    def done(made: int) -> ResponseReturnValue:
        flash(gettext("新的招标已起草，请重新定时间。"))
        return redirect(url_for("micro_projects.edit_tender", tender_id=made), 303)

    return forms.submit(schemas.Nothing(), act, lambda form: _desk(tender_id, form), done)


def _press(tender_id: int, shape: Any, act: Any, sentence: str) -> ResponseReturnValue:
    def done(_: Any) -> ResponseReturnValue:
        flash(sentence)
        return _to_desk(tender_id)

    return forms.submit(shape, act, lambda form: _desk(tender_id, form), done)


def _to_desk(tender_id: int) -> ResponseReturnValue:
    return redirect(url_for("micro_projects.desk_tender", tender_id=tender_id), 303)


def _desk(tender_id: int, form: forms.Form) -> str:
    actor = the_actor()
    community_id = actor.community_id
    found = queries.find_tender(db.session, community_id, tender_id)
    return render_template(
        "micro_projects/desk_tender.html",
        form=form,
        tender=found,
        project=project_queries.find_project(db.session, community_id, found.project_id),
        stations=stations(found),
        states=TenderState,
        levels=BoxLevel,
        is_drafter=actor.person_id == found.drafted_by,
        criteria=queries.criteria_of(db.session, community_id, tender_id),
        documents=queries.documents_of(db.session, community_id, tender_id),
        questions=queries.questions_of(db.session, community_id, tender_id, answered_only=False),
        amendments=queries.amendments_of(db.session, community_id, tender_id),
        openers=queries.openers_of(db.session, community_id, tender_id),
        retender=queries.find_retender(db.session, community_id, tender_id),
        is_due=found.deadline is not None and clock.now() >= found.deadline,
    )


def _form(project_id: int, tender: queries.TenderView | None, form: forms.Form) -> str:
    actor = the_actor()
    community_id = actor.community_id
    project = project_queries.find_project(db.session, community_id, project_id)
    terms = tender_terms(db.session, community_id, project.kind.value, clock.today())
    criteria = () if tender is None else queries.criteria_of(db.session, community_id, tender.id)
    chosen = () if tender is None else queries.openers_of(db.session, community_id, tender.id)
    return render_template(
        "micro_projects/tender_form.html",
        form=form,
        tender=tender,
        project=project,
        terms=[terms[method] for method in TenderMethod if method in SEALED_METHODS],
        all_terms=terms,
        methods=[(each.value, gettext(METHOD_TITLES[each])) for each in SEALED_IN_ORDER],
        levels=[
            (each.value, gettext(LEVEL_NAMES[each]), gettext(LEVEL_TITLES[each]))
            for each in BoxLevel
        ],
        kinds=[(each.value, gettext(CRITERION_TITLES[each])) for each in CriterionKind],
        rows=_criterion_rows(form, criteria),
        people=_possible_openers(community_id),
        openers=[each.person_id for each in chosen],
    )


def _criterion_rows(
    form: forms.Form, criteria: tuple[queries.CriterionView, ...]
) -> list[tuple[str, str, str]]:
    """Give the rows of criteria: what was typed, else what is kept, else the usual three."""
    if form.typed:
        lists = [request.form.getlist(f"criterion_{name}") for name in ("kind", "title", "weight")]
        rows = [(kind, title, weight) for kind, title, weight in zip(*lists, strict=False)]
    else:
        rows = [(each.kind.value, each.title, str(each.weight)) for each in criteria]
        rows = rows or list(_USUAL)
    blank = (CriterionKind.TECHNICAL.value, "", "")
    return rows + [blank] * (CRITERION_ROWS - len(rows))


def _possible_openers(community_id: int) -> list[tuple[int, str]]:
    """Offer people of offices, and whoever has registered a key, by name."""
    people = {
        person
        for role in OPENER_ROLES
        for person in identity.people_with_role(db.session, community_id, role)
    }
    keys = sealing.opener_key_history(db.session, community_id)
    people |= {each.person_id for each in keys if each.replaced_at is None}
    cards = identity.people(db.session, community_id, tuple(people))
    return sorted(((person, card.name) for person, card in cards.items()), key=lambda each: each[1])
