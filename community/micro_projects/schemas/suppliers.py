"""The shapes of the register; each form has its API twin."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from community.kernel import files
from community.kernel.errors import N_
from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.suppliers import CertificateKind
from community.micro_projects.service.certificates import CertificateDraft
from community.micro_projects.service.suppliers import NewOrganization, SupplierDraft
from community.web.fields import ApiShape, OnDay, OneOf, Shape, Ticked, Whole, Words

PAPERS = files.IMAGES | {files.FileKind.PDF}
MOST_LETTERS = 14 << 20


class PaperField(fields.Field[files.Ready]):
    """A picture or PDF as base64, taken in."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> files.Ready:
        if not isinstance(value, str) or len(value) > MOST_LETTERS:
            raise ValidationError(N_("请附上照片或 PDF。"))
        try:
            content = base64.b64decode(value, validate=True)
        except ValueError as error:
            raise ValidationError(N_("请附上照片或 PDF。")) from error
        return files.take_in(files.Upload("paper", content), PAPERS)


class SupplierFields(Schema):
    """What an organisation does and whom to call."""

    kinds = fields.List(OneOf(ProjectKind), load_default=list)
    about = Words(load_default="", longest=300, lines=True)
    contact = Words(load_default="", longest=60)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        kept = {name: given.pop(name) for name in ("kinds", "about", "contact")}
        kept["kinds"] = tuple(dict.fromkeys(kept["kinds"]))
        return {**given, "draft": SupplierDraft(**kept)}


class SupplierForm(Shape, SupplierFields):
    """Ask for the register, or change one's entry."""


class SupplierBody(ApiShape, SupplierFields):
    """Ask for the register, or change one's entry, over the API."""


class RegisterFields(SupplierFields):
    """An organisation that is at work here, or a new one with its credit code."""

    organization_id = Whole(load_default=None)
    name = Words(load_default="", longest=100)
    credit_code = Words(load_default="", longest=18)
    phone_number = Words(load_default="", longest=20)

    @post_load
    def _new(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        name, code = given.pop("name"), given.pop("credit_code")
        phone = given.pop("phone_number")
        if given["organization_id"] is None and not name:
            raise ValidationError({"name": [N_("请选一家单位，或填写新单位的名称和代码。")]})
        given["new"] = NewOrganization(name, code, phone_number=phone) if name else None
        return given


class RegisterForm(Shape, RegisterFields):
    """Write an organisation into the register."""


class RegisterBody(ApiShape, RegisterFields):
    """Write an organisation into the register, over the API."""


class CertificateFields(Schema):
    """What a certificate proves and until when."""

    kind = OneOf(CertificateKind, required=True)
    title = Words(required=True, longest=80)
    number = Words(load_default="", longest=60)
    issued_on = OnDay(load_default=None)
    expires_on = OnDay(load_default=None)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        names = ("kind", "title", "number", "issued_on", "expires_on")
        kept = {name: given.pop(name) for name in names}
        if kept["issued_on"] and kept["expires_on"] and kept["expires_on"] < kept["issued_on"]:
            raise ValidationError({"expires_on": [N_("有效期不能早于发证日期。")]})
        return {**given, "draft": CertificateDraft(**kept)}


class CertificateForm(Shape, CertificateFields):
    """Hand a certificate in."""


class CertificateBody(ApiShape, CertificateFields):
    """Hand a certificate in, over the API."""

    upload = PaperField(load_default=None)


class CheckForm(Shape):
    """Accept or refuse."""

    is_good = Ticked()
    words = Words(load_default="", longest=200)


class CheckBody(ApiShape):
    """Accept or refuse, over the API."""

    is_good = Ticked()
    words = Words(load_default="", longest=200)


class SupplierReasonForm(Shape):
    """A reason."""

    words = Words(required=True, longest=200)


class SupplierReasonBody(ApiShape):
    """A reason, over the API."""

    words = Words(required=True, longest=200)


class PersonForm(Shape):
    """A member."""

    person_id = Whole(required=True)


class PersonBody(ApiShape):
    """A member, over the API."""

    person_id = Whole(required=True)


class SuspendForm(Shape):
    """Until when and why."""

    until_on = OnDay(required=True)
    reason = Words(required=True, longest=300)


class SuspendBody(ApiShape):
    """Until when and why, over the API."""

    until_on = OnDay(required=True)
    reason = Words(required=True, longest=300)


class AppealForm(Shape):
    """Why the suspension is wrong."""

    words = Words(required=True, longest=1_000, lines=True)


class AppealBody(ApiShape):
    """Why the suspension is wrong, over the API."""

    words = Words(required=True, longest=1_000, lines=True)


class AppealAnswerForm(Shape):
    """What the appeal comes to."""

    is_upheld = Ticked()
    answer = Words(required=True, longest=500, lines=True)


class AppealAnswerBody(ApiShape):
    """What the appeal comes to, over the API."""

    is_upheld = Ticked()
    answer = Words(required=True, longest=500, lines=True)


class ConflictForm(Shape):
    """One's own tie with an organisation."""

    organization_id = Whole(required=True)
    words = Words(required=True, longest=200)


class ConflictBody(ApiShape):
    """One's own tie with an organisation, over the API."""

    organization_id = Whole(required=True)
    words = Words(required=True, longest=200)


class FirmConflictForm(Shape):
    """A member's tie with one's own organisation."""

    person_id = Whole(required=True)
    words = Words(required=True, longest=200)


class FirmConflictBody(ApiShape):
    """A member's tie with one's own organisation, over the API."""

    person_id = Whole(required=True)
    words = Words(required=True, longest=200)


class ButtonForm(Shape):
    """A button alone."""
