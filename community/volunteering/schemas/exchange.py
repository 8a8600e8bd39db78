"""The shapes of imports, exports and street forms."""

from __future__ import annotations

from typing import Any

from marshmallow import post_load

from community.volunteering.rules.exchange import Every
from community.volunteering.rules.sheets import Column
from community.volunteering.rules.street_forms import Figure
from community.volunteering.schemas.sheets import SheetField
from community.web.fields import OnDay, OneOf, Shape, Words


class Platform(Shape):
    """Of which platform a sheet is."""

    platform = Words(required=True, longest=20)


class HoursSheet(Platform):
    """A sheet with its platform."""

    ready = SheetField(required=True)


class Headings(Shape):
    """Which heading of a platform's sheet means what; an empty one is not in the sheet."""

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the headings together."""
        named = tuple((each.value, values[each.value]) for each in Column if values[each.value])
        return {"columns": named}


for _column in Column:
    Headings._declared_fields[_column.value] = Words(longest=40, load_default="")  # noqa: SLF001


class ExportSpan(Shape):
    """Which days are exported, in whose layout."""

    platform = Words(required=True, longest=20)
    since = OnDay(required=True)
    until = OnDay(required=True)


class StreetFormShape(Shape):
    """A form's name, how often it is filled, and in which cell each figure goes."""

    name = Words(required=True, longest=50)
    every = OneOf(Every, required=True)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the named cells together."""
        cells = tuple(
            (figure, values[f"cell_{figure}"]) for figure in Figure if values[f"cell_{figure}"]
        )
        named = {name: value for name, value in values.items() if not name.startswith("cell_")}
        return {**named, "cells": cells}


for _figure in Figure:
    StreetFormShape._declared_fields[f"cell_{_figure}"] = Words(longest=40, load_default="")  # noqa: SLF001


class StreetFormSheet(StreetFormShape):
    """A form with its sheet."""

    ready = SheetField(required=True)


class Filling(Shape):
    """Any day of the span to fill."""

    on_day = OnDay(required=True)
