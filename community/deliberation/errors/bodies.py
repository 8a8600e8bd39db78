"""Why a body, its figures or its members are refused."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class BodyNotFound(NotFound):
    """There is no such body in this community."""

    message = N_("没有找到这个议事组织。请从议事组织列表里打开。")


class BodyNameTaken(RuleBroken):
    """Two bodies of one name would be mistaken for each other."""

    message = N_("已经有同名的议事组织。")


class FiguresUnclear(BadInput):
    """A share is no share of a whole, or a minority could decide."""

    message = N_("比例要写成不大于 1 的分数，通过的门槛不能低于一半。")


class TermReversed(BadInput):
    """A term ends before it begins."""

    message = N_("任期的截止日要在开始日之后。")


class AlreadyMember(RuleBroken):
    """Nobody sits in a body twice at once."""

    message = N_("{name}在这段时间已经是成员，请先结束原来的任期。")


class OwnersAreMembers(RuleBroken):
    """Who sits in the owners' meeting is told by the register of owners."""

    message = N_("业主大会的成员就是全体业主，请在房屋登记里更正业主。")


class TermOver(RuleBroken):
    """A term that is over cannot be ended again."""

    message = N_("这个任期已经结束。")


class RulesFromPast(BadInput):
    """New figures begin today or later: meetings keep those they were called under."""

    message = N_("新的议事数字要从今天或以后开始执行，已召开的会议仍按原来的数字。")


class RulesSameDay(RuleBroken):
    """A body has one set of figures a day."""

    message = N_("这一天已经有一套议事数字，请换一天。")
