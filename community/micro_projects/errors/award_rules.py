"""Why the rules of awards are not set so."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput


class RulesTooSoon(BadInput):
    """A rule set begins on a later day: what was done today was done under another."""

    message = N_("新规则最早从明天开始，今天办的事还按原来的规则。")


class RulesEndFirst(BadInput):
    """A rule set cannot end before it begins."""

    message = N_("失效日期要在生效日期之后。")


class PanelEven(BadInput):
    """An even panel can be split in halves."""

    message = N_("评委人数要是单数，{seats} 是双数，可能打成平手。")


class ExpertShareWrong(BadInput):
    """More experts than members cannot sit."""

    message = N_("专家占的份数不能比总份数多。例如三分之二填 2 和 3。")
