"""Shapes of roles, help, relatives, the desk's work on people, cards and scanners."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from community.identity.models import Relation, Sex
from community.kernel.errors import N_
from community.kernel.permissions import Role
from community.web.fields import ApiShape, Mobile, OnDay, OneOf, Shape, Ticked, Whole, Words

OLDEST = 1900
NEWEST = 2100
MOST_CODES = 200


class Codes(fields.List[Any]):
    """A set of permission codes."""

    def __init__(self, **options: Any) -> None:
        """Take a list of short texts."""
        super().__init__(Words(longest=60), **options)

    def _deserialize(self, value: Any, *parts: Any, **options: Any) -> Any:
        found = super()._deserialize(value, *parts, **options)
        if len(found) > MOST_CODES:
            raise ValidationError(N_("选得太多了，请重新选择。"))
        return frozenset(found)


class RoleForm(Shape):
    """A role to give."""

    role = OneOf(Role, required=True)
    until_on = OnDay(load_default=None)
    organization_id = Whole(load_default=None)


class RoleBody(ApiShape):
    """A role to give, by API."""

    role = OneOf(Role, required=True)
    until_on = OnDay(load_default=None)
    organization_id = Whole(load_default=None)


class AccessForm(Shape):
    """Asking an older resident to be let act for them."""

    name = Words(required=True, longest=30)
    number = Mobile(required=True)
    scope = Codes(load_default=frozenset())
    ends_on = OnDay(required=True)
    reason = Words(longest=200, load_default="")


class AccessBody(ApiShape):
    """Asking for access, by API."""

    name = Words(required=True, longest=30)
    number = Mobile(required=True)
    scope = Codes(required=True)
    ends_on = OnDay(required=True)
    reason = Words(longest=200, load_default="")


class DeskAccessForm(Shape):
    """A signed consent put down at the desk."""

    helper_id = Whole(required=True)
    scope = Codes(load_default=frozenset())
    ends_on = OnDay(required=True)
    reference = Words(required=True, longest=80)


class DeskAccessBody(ApiShape):
    """A signed consent, by API."""

    helper_id = Whole(required=True)
    subject_id = Whole(required=True)
    scope = Codes(required=True)
    ends_on = OnDay(required=True)
    reference = Words(required=True, longest=80)


class BondForm(Shape):
    """Asking somebody to confirm being a relative."""

    name = Words(required=True, longest=30)
    number = Mobile(required=True)
    relation = OneOf(Relation, required=True)


class BondBody(ApiShape):
    """Asking for a bond, by API."""

    name = Words(required=True, longest=30)
    number = Mobile(required=True)
    relation = OneOf(Relation, required=True)


class DeskBondForm(Shape):
    """A bond put down at the desk."""

    relative_id = Whole(required=True)
    relation = OneOf(Relation, required=True)


class DeskBondBody(ApiShape):
    """A bond put down at the desk, by API."""

    person_id = Whole(required=True)
    relative_id = Whole(required=True)
    relation = OneOf(Relation, required=True)


class GuardianForm(Shape):
    """A child's guardian put down at the desk."""

    guardian_id = Whole(required=True)
    reference = Words(required=True, longest=80)


class GuardianBody(ApiShape):
    """A child's guardian, by API."""

    guardian_id = Whole(required=True)
    reference = Words(required=True, longest=80)


class PersonForm(Shape):
    """A person to register."""

    name = Words(required=True, longest=30)
    birth_year = Whole(load_default=None, minimum=OLDEST, maximum=NEWEST)
    number = Mobile(load_default="")
    household_id = Whole(load_default=None)


class PersonBody(ApiShape):
    """A person to register, by API."""

    name = Words(required=True, longest=30)
    birth_year = Whole(load_default=None, minimum=OLDEST, maximum=NEWEST)
    number = Mobile(load_default="")
    household_id = Whole(load_default=None)


class CorrectionForm(Shape):
    """A corrected name or birth date."""

    name = Words(required=True, longest=30)
    birth_year = Whole(load_default=None, minimum=OLDEST, maximum=NEWEST)
    birthday = OnDay(load_default=None)


class CorrectionBody(ApiShape):
    """A correction, by API."""

    name = Words(required=True, longest=30)
    birth_year = Whole(load_default=None, minimum=OLDEST, maximum=NEWEST)
    birthday = OnDay(load_default=None)


class OwnSexForm(Shape):
    """What somebody says of their sex for draws by lot; nothing takes it back."""

    sex = OneOf(Sex, load_default=None)


class OwnSexBody(ApiShape):
    """The same, by API."""

    sex = OneOf(Sex, load_default=None)


class SexFields(Schema):
    """What somebody said at the desk, and that they agreed to its use."""

    sex = OneOf(Sex, load_default=None)
    is_agreed = Ticked()

    @validates_schema
    def _is_agreed(self, given: dict[str, Any], **_: Any) -> None:
        if given.get("sex") is not None and not given.get("is_agreed"):
            raise ValidationError(N_("要本人同意才能登记。"), "is_agreed")

    @post_load
    def _sex_alone(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        given.pop("is_agreed", None)
        return given


class SexForm(Shape, SexFields):
    """Write down what somebody said at the desk."""


class SexBody(ApiShape, SexFields):
    """The same, by API."""


class NumberForm(Shape):
    """A phone number."""

    number = Mobile(required=True)


class NumberBody(ApiShape):
    """A phone number, by API."""

    number = Mobile(required=True)


class MergeForm(Shape):
    """Two rows of one human being."""

    merged_id = Whole(required=True)
    reason = Words(required=True, longest=200)


class MergeBody(ApiShape):
    """Two rows of one human being, by API."""

    merged_id = Whole(required=True)
    reason = Words(required=True, longest=200)


class DeviceForm(Shape):
    """A scanner's token."""

    name = Words(required=True, longest=60)
    scope = Codes(load_default=frozenset())
    until_on = OnDay(required=True)


class DeviceBody(ApiShape):
    """A scanner's token, by API."""

    name = Words(required=True, longest=60)
    scope = Codes(required=True)
    until_on = OnDay(required=True)


class ReasonForm(Shape):
    """Why something was refused."""

    reason = Words(required=True, longest=200)


class JoiningReasonBody(ApiShape):
    """Why, by API."""

    reason = Words(required=True, longest=200)


class HouseholdForm(Shape):
    """The household an applicant belongs to."""

    household_id = Whole(required=True)


class HouseholdBody(ApiShape):
    """A household, by API."""

    household_id = Whole(required=True)
