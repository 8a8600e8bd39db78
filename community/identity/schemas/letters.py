"""Shapes of printing and revoking letters."""

from __future__ import annotations

from marshmallow import validate

from community.kernel.errors import N_
from community.web.fields import ApiShape, Shape, Whole, Words


class PrintForm(Shape):
    """Which building's letters; all without one."""

    building_id = Whole(load_default=None, minimum=1)


class RevokeForm(Shape):
    """The building whose page is shown afterwards."""

    building_id = Whole(required=True, minimum=1)


class PrintBody(ApiShape):
    """As the form, with the site's address for the QR codes."""

    building_id = Whole(load_default=None, minimum=1)
    address = Words(
        required=True,
        longest=200,
        validate=validate.Regexp(r"https?://[^\s]+/\Z", error=N_("请填写网站地址，以 / 结尾。")),
    )
