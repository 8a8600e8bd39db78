"""Shape of asking for a restore."""

from __future__ import annotations

from marshmallow import ValidationError, validates

from community.kernel.errors import N_
from community.web.fields import Shape, Ticked


class RestoreForm(Shape):
    """Whoever restores has read what is lost."""

    understood = Ticked()

    @validates("understood")
    def _is_ticked(self, value: bool, data_key: str) -> None:
        if not value:
            raise ValidationError(N_("请先勾选，确认知道备份之后登记的内容会丢失。"))
