"""The desk of the register: write in, let in, check, staff, suspend, answer appeals."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import db as kernel_db
from community.kernel import files
from community.micro_projects import permissions
from community.micro_projects.errors.suppliers import CertificateNotFound
from community.micro_projects.queries import award_pages
from community.micro_projects.queries import suppliers as queries
from community.micro_projects.rules.projects import KIND_TITLES
from community.micro_projects.rules.suppliers import CERTIFICATE_TITLES
from community.micro_projects.schemas import suppliers as schemas
from community.micro_projects.service import certificates, suppliers, suspensions
from community.micro_projects.views.award_words import options
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.pressing import press, taken_in
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.stored_files import send_stored_file


@views.get("/desk/suppliers")
@needs(permissions.READ)
def desk_suppliers() -> str:
    """List the register with what lacks, and the form of a new entry."""
    return _list(forms.Form())


@views.post("/desk/suppliers")
@needs(permissions.KEEP_SUPPLIERS)
def register_supplier() -> ResponseReturnValue:
    """Write an organisation in."""

    def act(values: dict[str, Any]) -> int:
        made: int = kernel_db.write(
            suppliers.register_supplier,
            the_actor(),
            values["draft"],
            values["organization_id"],
            values["new"],
            request_key=forms.request_key(),
        )
        return made

    told = gettext("已登记。请拍下它的证照。")
    return press(schemas.RegisterForm(), act, _list, told, _url)


@views.get("/desk/suppliers/<int:supplier_id>")
@needs(permissions.READ)
def desk_supplier(supplier_id: int) -> str:
    """Show an entry with everything that can be done."""
    return _one(supplier_id, forms.Form())


@views.post("/desk/suppliers/<int:supplier_id>/admit")
@needs(permissions.KEEP_SUPPLIERS)
def admit_supplier(supplier_id: int) -> ResponseReturnValue:
    """Let an organisation in."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(suppliers.admit_supplier, the_actor(), supplier_id, request_key=key)

    return _press(schemas.ButtonForm(), act, supplier_id, gettext("已列入名录。"))


@views.post("/desk/suppliers/<int:supplier_id>/refuse")
@needs(permissions.KEEP_SUPPLIERS)
def refuse_supplier(supplier_id: int) -> ResponseReturnValue:
    """Refuse an organisation, or strike it off."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            suppliers.refuse_supplier,
            the_actor(),
            supplier_id,
            values["words"],
            request_key=forms.request_key(),
        )

    return _press(schemas.SupplierReasonForm(), act, supplier_id, gettext("已登记。"))


@views.post("/desk/suppliers/<int:supplier_id>/staff")
@needs(permissions.KEEP_SUPPLIERS)
def employ_for_supplier(supplier_id: int) -> ResponseReturnValue:
    """Give a member a staff account."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            suppliers.employ_for_supplier,
            the_actor(),
            supplier_id,
            values["person_id"],
            request_key=forms.request_key(),
        )

    return _press(schemas.PersonForm(), act, supplier_id, gettext("已登记为单位人员。"))


@views.post("/desk/suppliers/<int:supplier_id>/staff/<int:person_id>/dismiss")
@needs(permissions.KEEP_SUPPLIERS)
def dismiss_from_supplier(supplier_id: int, person_id: int) -> ResponseReturnValue:
    """End a staff account."""

    def act(_: dict[str, Any]) -> None:
        kernel_db.write(
            suppliers.dismiss_from_supplier,
            the_actor(),
            supplier_id,
            person_id,
            request_key=forms.request_key(),
        )

    return _press(schemas.ButtonForm(), act, supplier_id, gettext("已不再是单位人员。"))


@views.post("/desk/suppliers/<int:supplier_id>/certificates")
@needs(permissions.KEEP_SUPPLIERS)
def add_certificate(supplier_id: int) -> ResponseReturnValue:
    """Write down a certificate whose original was seen."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        upload = taken_in("upload", schemas.PAPERS)
        kernel_db.write(
            certificates.add_certificate,
            the_actor(),
            supplier_id,
            values["draft"],
            upload,
            request_key=key,
        )

    return _press(schemas.CertificateForm(), act, supplier_id, gettext("证照已登记。"))


@views.post("/desk/suppliers/<int:supplier_id>/certificates/<int:certificate_id>/check")
@needs(permissions.KEEP_SUPPLIERS)
def check_certificate(supplier_id: int, certificate_id: int) -> ResponseReturnValue:
    """Accept or refuse a certificate that was handed in."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            certificates.check_certificate,
            the_actor(),
            certificate_id,
            values["is_good"],
            values["words"],
            request_key=forms.request_key(),
        )

    return _press(schemas.CheckForm(), act, supplier_id, gettext("已核对，单位会收到通知。"))


@views.get("/projects/certificates/<int:certificate_id>/paper")
@needs(permissions.SUPPLY)
def certificate_paper(certificate_id: int) -> ResponseReturnValue:
    """Give a certificate's paper to the desk and to the organisation's own staff."""
    actor = the_actor()
    found = queries.get_certificate(db.session, actor, certificate_id)
    own = queries.own_supplier(db.session, actor)
    mine = own is not None and own.id == found.supplier_id
    if found.file_id is None or not (mine or actor.may(permissions.READ.code)):
        raise CertificateNotFound
    return send_stored_file(files.get_file(db.session, actor.community_id, found.file_id))


@views.post("/desk/suppliers/<int:supplier_id>/suspend")
@needs(permissions.SUSPEND)
def suspend_supplier(supplier_id: int) -> ResponseReturnValue:
    """Suspend an organisation until a day."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            suspensions.suspend_supplier,
            the_actor(),
            supplier_id,
            values["until_on"],
            values["reason"],
            request_key=forms.request_key(),
        )

    return _press(schemas.SuspendForm(), act, supplier_id, gettext("已暂停，理由已公开。"))


@views.post("/desk/suppliers/<int:supplier_id>/suspensions/<int:suspension_id>/answer")
@needs(permissions.REVIEW)
def answer_appeal(supplier_id: int, suspension_id: int) -> ResponseReturnValue:
    """Answer an appeal."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            suspensions.answer_appeal,
            the_actor(),
            suspension_id,
            values["is_upheld"],
            values["answer"],
            request_key=forms.request_key(),
        )

    return _press(schemas.AppealAnswerForm(), act, supplier_id, gettext("申诉已答复。"))


def _url(supplier_id: int) -> str:
    return url_for("micro_projects.desk_supplier", supplier_id=supplier_id)


def _press(schema: Any, act: Any, supplier_id: int, told: str) -> ResponseReturnValue:
    return press(
        schema,
        act,
        lambda form: _one(supplier_id, form),
        told,
        lambda _: _url(supplier_id),
    )


def _list(form: forms.Form) -> str:
    actor = the_actor()
    found = award_pages.desk_register(db.session, actor)
    known = {each.organization_id for each in found}
    here = identity.organizations(db.session, actor.community_id)
    return render_template(
        "micro_projects/desk_suppliers.html",
        form=form,
        suppliers=found,
        others=[(each.id, each.name) for each in here if each.id not in known and each.credit_code],
        kinds=options(KIND_TITLES),
        may_keep=actor.may(permissions.KEEP_SUPPLIERS.code),
    )


def _one(supplier_id: int, form: forms.Form) -> str:
    actor = the_actor()
    found = queries.get_supplier(db.session, actor.community_id, supplier_id)
    text = request.args.get("q", "")
    people = identity.search_people(db.session, actor.community_id, text) if text else ()
    return render_template(
        "micro_projects/desk_supplier.html",
        form=form,
        supplier=found,
        staff=award_pages.staff_names(db.session, actor, found.organization_id),
        people=people,
        text=text,
        certificate_kinds=options(CERTIFICATE_TITLES),
        may_keep=actor.may(permissions.KEEP_SUPPLIERS.code),
        may_suspend=actor.may(permissions.SUSPEND.code),
        may_rule=actor.may(permissions.REVIEW.code),
    )
