"""Shapes of the wizard's steps; each gives what is kept as the step's answers."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, post_load, validate

from community.identity.rules.setup import UnreadableLineError, read_buildings, split_line
from community.kernel.errors import N_
from community.web.fields import Mobile, Shape, Ticked, Whole, Words

MOST_STAFF = 20


class TokenForm(Shape):
    """The token from the server's screen."""

    token = Words(required=True, longest=40)


class NameForm(Shape):
    """What the community is called and where its pages lie."""

    name = Words(required=True, longest=60)
    slug = Words(
        required=True,
        longest=30,
        validate=validate.Regexp(
            r"[a-z][a-z0-9-]{1,29}\Z", error=N_("请用小写字母开头的字母或数字，例如 guihuali。")
        ),
    )
    street = Words(load_default="", longest=60)
    district = Words(load_default="", longest=60)


class BuildingsForm(Shape):
    """The quick entry of buildings."""

    lines = Words(required=True, longest=4000, lines=True)

    @post_load
    def _readable(self, given: dict[str, Any], **_options: Any) -> dict[str, Any]:
        try:
            read_buildings(given["lines"])
        except UnreadableLineError as error:
            raise ValidationError(
                N_("有一行看不懂，或楼栋、户数太多。请照“1–12 号楼, 3 单元, 6 层, 2 户”的样子写。"),
                "lines",
            ) from error
        return given


class StaffForm(Shape):
    """One line for each of the first staff: name, birth year, number."""

    lines = Words(required=True, longest=2000, lines=True)

    @post_load
    def _people(self, given: dict[str, Any], **_options: Any) -> dict[str, Any]:
        typed = [split_line(line) for line in given["lines"].splitlines() if split_line(line)]
        people = tuple(_person(words) for words in typed)
        if not 1 <= len(people) <= MOST_STAFF:
            raise ValidationError(N_("请填 1 到 20 位工作人员，每人一行。"), "lines")
        return {"lines": given["lines"], "people": people}


def _person(words: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"name": words[0], "birth_year": None, "number": ""}
    try:
        found["name"] = Words(longest=60).deserialize(words[0])
        for word in words[1:]:
            if len(word) == len("1980"):
                found["birth_year"] = Whole(minimum=1900, maximum=2100).deserialize(word)
            else:
                found["number"] = Mobile().deserialize(word)
    except ValidationError as error:
        raise ValidationError(
            N_("每人一行：姓名 出生年份 手机号，后两项可不填，例如“林秋月 1980 13800000001”。"),
            "lines",
        ) from error
    return found


class ConfirmForm(Shape):
    """A step that only shows something and is gone past."""

    seen = Ticked()
