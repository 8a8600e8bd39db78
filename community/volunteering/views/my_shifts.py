"""A volunteer's own pages: shifts to come, skills, the personal code, one record of hours."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel.db import write
from community.kernel.errors import NotFound
from community.volunteering import permissions
from community.volunteering.queries import activities, due, personal_codes, standing
from community.volunteering.rules.hours import shown_class
from community.volunteering.rules.kinds import SERVICE_TITLES
from community.volunteering.rules.states import HOURS_TITLES, SIGN_UP_TITLES
from community.volunteering.schemas.hours import DisputeForm
from community.volunteering.schemas.signing_up import SkillsForm
from community.volunteering.service import disputes, keys, roster
from community.volunteering.views.pages import views
from community.volunteering.views.reading import me, names_of
from community.web import forms, qr
from community.web.access import community, needs, the_actor
from community.web.extensions import db
from community.web.security import keep_offline


@views.get("/my/shifts")
@needs(permissions.SEE_OWN)
@keep_offline
def my_shifts() -> str:
    """Show the shifts to come, and the own skills."""
    return _my_shifts(forms.Form())


@views.post("/my/skills")
@needs(permissions.SIGN_UP)
def keep_skills() -> ResponseReturnValue:
    """Keep the own skills."""
    return forms.submit(
        SkillsForm(),
        lambda values: write(
            roster.keep_skills, the_actor(), values["skills"], request_key=forms.request_key()
        ),
        _my_shifts,
        lambda _: _go("volunteering.my_shifts", gettext("技能已保存。")),
    )


@views.get("/my-code")
@needs(permissions.SEE_OWN)
@keep_offline
def my_code() -> str:
    """Show the own code over the whole screen; it works without network."""
    person = identity.get_person(db.session, community.id, me())
    found = personal_codes.find_personal_code(db.session, community.id, person.id)
    svg = None
    if found is not None:
        svg = qr.qr_svg(request.host_url.rstrip("/").upper() + found.path, gettext("我的个人码"))
    return render_template("volunteering/my_code.html", person=person, code=found, svg=svg)


@views.post("/my-code/prepare")
@needs(permissions.SEE_OWN)
def prepare_personal_code() -> ResponseReturnValue:
    """Make the community's key, the first time anybody wants a code."""
    write(keys.prepare_personal_code, the_actor(), request_key=forms.request_key())
    return redirect(url_for("volunteering.my_code"), 303)


@views.post("/my-code/renew")
@needs(permissions.SEE_OWN)
def renew_personal_code() -> ResponseReturnValue:
    """Replace the own code; pictures of the old one are worth nothing from now on."""
    write(keys.renew_personal_code, the_actor(), request_key=forms.request_key())
    return _go("volunteering.my_code", gettext("已换新码，旧码作废。"))


@views.get("/my/hours/<int:record_id>")
@needs(permissions.SEE_OWN)
def my_record(record_id: int) -> str:
    """Show one record of the own hours with every version, and where to doubt it."""
    return _record(record_id, forms.Form())


@views.post("/my/hours/<int:record_id>/dispute")
@needs(permissions.SEE_OWN)
def dispute_hours(record_id: int) -> ResponseReturnValue:
    """Doubt the own hours."""
    return forms.submit(
        DisputeForm(),
        lambda values: write(
            disputes.dispute_hours,
            the_actor(),
            record_id,
            values["question"],
            values["claimed_minutes"],
            request_key=forms.request_key(),
        ),
        lambda form: _record(record_id, form),
        lambda _: redirect(url_for("volunteering.my_record", record_id=record_id), 303),
    )


def _my_shifts(form: forms.Form) -> str:
    g.tab = "volunteering.activities"
    session, person_id = db.session, me()
    return render_template(
        "volunteering/my_shifts.html",
        form=form,
        shifts=activities.my_shifts(session, community.id, person_id),
        skills=standing.skills_of(session, community.id, person_id),
        known=standing.skills_known(session, community.id),
        block=standing.find_block(session, community.id, person_id),
        kinds=SERVICE_TITLES,
        titles=SIGN_UP_TITLES,
    )


def _record(record_id: int, form: forms.Form) -> str:
    g.tab = "dashboards.me"
    found = due.find_record_view(db.session, community.id, record_id)
    if found is None or found.person_id != me():
        raise NotFound
    return render_template(
        "volunteering/my_record.html",
        form=form,
        record=found,
        shown=shown_class(found.hours_class, found.state),
        names=names_of([found.person_in_charge_id, *(each.written_by for each in found.versions)]),
        kinds=SERVICE_TITLES,
        titles=HOURS_TITLES,
    )


def _go(endpoint: str, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for(endpoint), 303)
