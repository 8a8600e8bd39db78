"""Shapes of sign-in and of the account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from community.identity.models import ConsentKind
from community.identity.rules.signing_in import LONGEST_PASSWORD, SHORTEST_PASSWORD, is_weak
from community.identity.service.passwords import hash_password
from community.kernel.errors import N_
from community.web.fields import ApiShape, Mobile, OneOf, Shape, Whole, Words

OLDEST = 1900
NEWEST = 2100


class NewPassword(fields.Field[str]):
    """A new password; what comes out is its argon2id hash, so that it goes no further in plain."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        if not isinstance(value, str) or not SHORTEST_PASSWORD <= len(value) <= LONGEST_PASSWORD:
            raise ValidationError(N_("密码要 8 到 128 位。"))
        if is_weak(value):
            raise ValidationError(N_("这个密码太常见，容易被猜到。请换一个别人想不到的。"))
        return hash_password(value)


class Secret(fields.Field[str]):
    """A typed password or code, taken exactly as typed."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_PASSWORD:
            raise ValidationError(N_("请填写这一项。"))
        return value


class AskCode(Shape):
    """A phone number."""

    number = Mobile(required=True)


class TypedCode(Shape):
    """A code from a phone, a letter or a slip."""

    code = Words(required=True, longest=40)


class PasswordEntry(Shape):
    """A phone number and a password."""

    number = Mobile(required=True)
    password = Secret(required=True)


class ChosenPerson(Shape):
    """The person one is, among those proved together."""

    person_id = Whole(required=True)


class NewcomerEntry(Shape):
    """Somebody new in a letter's household."""

    name = Words(required=True, longest=30)
    birth_year = Whole(required=True, minimum=OLDEST, maximum=NEWEST)
    number = Mobile(load_default="")


class JoiningForm(NewcomerEntry):
    """An application to join a community."""

    number = Mobile(required=True)
    address = Words(required=True, longest=100)
    words = Words(longest=200, load_default="", lines=True)


class JoiningBody(ApiShape):
    """An application to join, by API."""

    name = Words(required=True, longest=30)
    birth_year = Whole(required=True, minimum=OLDEST, maximum=NEWEST)
    number = Mobile(required=True)
    address = Words(required=True, longest=100)
    words = Words(longest=200, load_default="", lines=True)


class ConsentForm(Shape):
    """A consent of one kind."""

    kind = OneOf(ConsentKind, required=True)


class ConsentBody(ApiShape):
    """A consent of one kind, by API."""

    kind = OneOf(ConsentKind, required=True)


class PasswordForm(Shape):
    """A new password, and the present one where there is one."""

    present = Secret(load_default="")
    password_hash = NewPassword(required=True, data_key="password")
