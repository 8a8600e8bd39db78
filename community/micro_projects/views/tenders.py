"""Tenders for everybody: what is asked for, what was answered, and the public opening."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import files
from community.kernel.db import write
from community.micro_projects import permissions
from community.micro_projects.queries import bids as bid_queries
from community.micro_projects.queries import openings
from community.micro_projects.queries import projects as project_queries
from community.micro_projects.queries import tenders as queries
from community.micro_projects.queries.awards import awards_of_tender
from community.micro_projects.rules.tenders import TenderState
from community.micro_projects.schemas import tenders as schemas
from community.micro_projects.service import enquiries as service
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.tender_words import stations
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.stored_files import send_stored_file


@views.get("/projects/tenders")
@public
def tenders() -> str:
    """List tenders, or those of one project: those one may bid for now first."""
    found = queries.public_tenders(db.session, the_actor())
    project_id = forms.asked_number("project")
    if project_id is not None:
        found = tuple(each for each in found if each.project_id == project_id)
    going = [each for each in found if each.state in service.GOING]
    return render_template(
        "micro_projects/tenders.html",
        going=sorted(going, key=lambda each: (each.deadline, each.id)),
        past=[each for each in found if each.state not in service.GOING],
    )


@views.get("/projects/tenders/<int:tender_id>")
@public
def tender(tender_id: int) -> str:
    """Show a tender with its documents, questions and amendments."""
    return show_tender(tender_id, forms.Form())


@views.get("/projects/tenders/documents/<int:document_id>")
@public
def tender_document(document_id: int) -> ResponseReturnValue:
    """Give a file of a tender."""
    actor = the_actor()
    found, file_id = queries.get_document(db.session, actor, document_id)
    view = files.get_file(db.session, actor.community_id, file_id)
    return send_stored_file(view, is_public=found.is_public)


@views.post("/projects/tenders/<int:tender_id>/questions")
@needs(permissions.BID)
def ask_question(tender_id: int) -> ResponseReturnValue:
    """Ask about a tender; nobody is shown who asked."""

    def act(values: dict[str, Any]) -> Any:
        given = (tender_id, values["words"])
        return write(service.ask_question, the_actor(), *given, request_key=forms.request_key())

    def done(_: Any) -> ResponseReturnValue:
        flash(gettext("问题已提交。答复时会和答案一起公开，不写您的单位。"))
        return redirect(url_for("micro_projects.tender", tender_id=tender_id), 303)

    return forms.submit(
        schemas.QuestionForm(), act, lambda form: show_tender(tender_id, form), done
    )


@views.get("/projects/tenders/<int:tender_id>/opening")
@public
def tender_opening(tender_id: int) -> str:
    """Show who opened, how, at what prices, and what proves it."""
    found = openings.get_opening(db.session, the_actor(), tender_id)
    return render_template(
        "micro_projects/tender_opening.html", opening=found, tender=found.tender, states=TenderState
    )


@views.get("/projects/tenders/<int:tender_id>/opening.json")
@public
def opening_list(tender_id: int) -> ResponseReturnValue:
    """Give the opened bids as the list that receipts are checked against."""
    return jsonify(openings.opened_list(db.session, the_actor(), tender_id))


def show_tender(tender_id: int, form: forms.Form) -> str:
    """Show a tender, with what was typed on it."""
    actor = the_actor()
    found = queries.get_public_tender(db.session, actor, tender_id)
    employer = bid_queries.employer(db.session, actor)
    community_id = actor.community_id
    return render_template(
        "micro_projects/tender.html",
        form=form,
        tender=found,
        project=project_queries.find_project(db.session, community_id, found.project_id),
        stations=stations(found) if found.is_sealed else [],
        states=TenderState,
        criteria=queries.criteria_of(db.session, community_id, tender_id),
        documents=queries.documents_of(db.session, community_id, tender_id),
        questions=queries.questions_of(db.session, community_id, tender_id),
        amendments=queries.amendments_of(db.session, community_id, tender_id),
        steps=queries.tender_steps(db.session, community_id, tender_id),
        awards=awards_of_tender(db.session, community_id, tender_id),
        retender=queries.find_retender(db.session, community_id, tender_id),
        is_bidder=employer is not None and actor.may(permissions.BID.code),
        own=bid_queries.own_bid(db.session, actor, tender_id),
        own_questions=queries.own_questions(db.session, community_id, tender_id, employer)
        if employer is not None
        else (),
    )
