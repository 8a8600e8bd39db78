"""The register for everybody, and the own page of an organisation's staff."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import db as kernel_db
from community.micro_projects import permissions
from community.micro_projects.queries import award_pages
from community.micro_projects.queries import suppliers as queries
from community.micro_projects.queries.bids import employer
from community.micro_projects.rules.projects import KIND_TITLES
from community.micro_projects.rules.suppliers import CERTIFICATE_TITLES
from community.micro_projects.schemas import suppliers as schemas
from community.micro_projects.service import certificates, suppliers, suspensions
from community.micro_projects.views.award_words import options
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.pressing import press, taken_in
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db


@views.get("/projects/suppliers")
@public
def supplier_list() -> str:
    """List the organisations that may be given work."""
    return render_template(
        "micro_projects/suppliers.html", suppliers=award_pages.register(db.session, the_actor())
    )


@views.get("/projects/suppliers/<int:supplier_id>")
@public
def supplier(supplier_id: int) -> str:
    """Show an organisation: what it does, its certificates, suspensions and finished work."""
    found = award_pages.supplier_page(db.session, the_actor(), supplier_id)
    return render_template(
        "micro_projects/supplier.html",
        supplier=found,
        work=award_pages.done_work(db.session, the_actor(), found.organization_id),
        awards=award_pages.awards_to(db.session, the_actor(), found.organization_id),
    )


@views.get("/projects/my-organization")
@needs(permissions.SUPPLY)
def my_organization() -> str:
    """Show one's own organisation: entry, certificates, what it can bid for, its awards."""
    return _own(forms.Form())


@views.post("/projects/my-organization/apply")
@needs(permissions.SUPPLY)
def apply_supplier() -> ResponseReturnValue:
    """Ask for the register."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(suppliers.apply_supplier, the_actor(), values["draft"], request_key=key)

    return _press(schemas.SupplierForm(), act, gettext("已提交，等社区核对。"))


@views.post("/projects/my-organization")
@needs(permissions.SUPPLY)
def change_supplier() -> ResponseReturnValue:
    """Change one's own entry."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(suppliers.change_supplier, the_actor(), values["draft"], request_key=key)

    return _press(schemas.SupplierForm(), act, gettext("已保存。"))


@views.post("/projects/my-organization/certificates")
@needs(permissions.SUPPLY)
def add_own_certificate() -> ResponseReturnValue:
    """Hand a certificate in."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        upload = taken_in("upload", schemas.PAPERS)
        kernel_db.write(
            certificates.add_own_certificate,
            the_actor(),
            values["draft"],
            upload,
            request_key=key,
        )

    return _press(schemas.CertificateForm(), act, gettext("已提交，等社区核对。"))


@views.post("/projects/my-organization/suspensions/<int:suspension_id>/appeal")
@needs(permissions.SUPPLY)
def appeal_suspension(suspension_id: int) -> ResponseReturnValue:
    """Appeal against a suspension."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            suspensions.appeal_suspension,
            the_actor(),
            suspension_id,
            values["words"],
            request_key=forms.request_key(),
        )

    return _press(schemas.AppealForm(), act, gettext("申诉已提交街道。"))


@views.post("/projects/my-organization/conflicts")
@needs(permissions.SUPPLY)
def declare_for_firm() -> ResponseReturnValue:
    """Declare a member's tie with one's own organisation."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            suspensions.declare_for_firm,
            the_actor(),
            values["person_id"],
            values["words"],
            request_key=forms.request_key(),
        )

    return _press(schemas.FirmConflictForm(), act, gettext("已申报。"))


@views.get("/projects/conflicts")
@needs(permissions.PROPOSE)
def conflicts() -> str:
    """Show one's own declared ties, and the form of a new one."""
    return _conflicts(forms.Form())


@views.post("/projects/conflicts")
@needs(permissions.PROPOSE)
def declare_conflict() -> ResponseReturnValue:
    """Declare one's own tie with an organisation."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            suspensions.declare_conflict,
            the_actor(),
            values["organization_id"],
            values["words"],
            request_key=forms.request_key(),
        )

    return press(
        schemas.ConflictForm(),
        act,
        _conflicts,
        gettext("已申报。以后抽评委会避开您。"),
        lambda _: url_for("micro_projects.conflicts"),
    )


@views.post("/projects/conflicts/<int:conflict_id>/end")
@needs(permissions.PROPOSE)
def end_conflict(conflict_id: int) -> ResponseReturnValue:
    """Say that a tie is over."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(suspensions.end_conflict, the_actor(), conflict_id, request_key=key)

    return press(
        schemas.ButtonForm(),
        act,
        _conflicts,
        gettext("已结束。"),
        lambda _: url_for("micro_projects.conflicts"),
    )


def _press(schema: Any, act: Any, told: str) -> ResponseReturnValue:
    return press(schema, act, _own, told, lambda _: url_for("micro_projects.my_organization"))


def _own(form: forms.Form) -> str:
    actor = the_actor()
    firm = employer(db.session, actor)
    own = queries.own_supplier(db.session, actor)
    return render_template(
        "micro_projects/my_organization.html",
        form=form,
        firm=None
        if firm is None
        else next(iter(identity.organizations(db.session, actor.community_id, None, firm)), None),
        supplier=own,
        tenders=award_pages.fitting_tenders(db.session, actor),
        awards=() if own is None else award_pages.awards_to(db.session, actor, own.organization_id),
        kinds=options(KIND_TITLES),
        certificate_kinds=options(CERTIFICATE_TITLES),
    )


def _conflicts(form: forms.Form) -> str:
    actor = the_actor()
    found = queries.conflicts_of(db.session, actor.community_id, person_id=actor.subject_id)
    firms = award_pages.register(db.session, actor)
    return render_template(
        "micro_projects/conflicts.html",
        form=form,
        conflicts=found,
        firms=[(each.organization_id, each.name) for each in firms],
    )
