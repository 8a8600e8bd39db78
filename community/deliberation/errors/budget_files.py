"""Why a file of a participatory budget cannot be read: a class per reason of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from community.kernel.errors import N_, BadInput, NotFound


class BudgetFileTooLarge(BadInput):
    """More bytes than any election has."""

    message = N_("文件太大。")


class BudgetFileNotText(BadInput):
    """Neither UTF-8 nor UTF-16."""

    message = N_("这不是文字文件，或文字不是 UTF-8 编码（第 {place} 个字节起读不出）。")


class BudgetSectionMissing(BadInput):
    """A table is not there."""

    message = N_(
        "文件里没有 {section} 部分。.pb 文件要有 META、PROJECTS、VOTES 三部分，各带一行列名。"
    )


class BudgetSectionTwice(BadInput):
    """A table begins twice."""

    message = N_("第 {line} 行：{section} 部分出现了两次。")


class BudgetColumnMissing(BadInput):
    """A table lacks a column without which it means nothing."""

    message = N_("{section} 部分缺少 {column} 这一列。")


class BudgetFieldMissing(BadInput):
    """META does not tell the budget or the kind of ballot."""

    message = N_("META 部分缺少 {field}。")


class BudgetNumberUnreadable(BadInput):
    """A cell that should hold a number does not."""

    message = N_("第 {line} 行：{column} 应是数字，文件里写的是“{found}”。")


class BudgetNumberNegative(BadInput):
    """Money is never negative."""

    message = N_("第 {line} 行：{column} 不能是负数（{found}）。")


class BudgetVoteTypeUnknown(BadInput):
    """The kind of ballot is none of the format's."""

    message = N_("不认识的选票类型“{found}”。可以读的有：{known}。")


class BudgetProjectTwice(BadInput):
    """Two projects of one number could not be told apart."""

    message = N_("第 {line} 行：项目编号“{project}”是空的，或与前面的重复。")


class BudgetProjectUnknown(BadInput):
    """A vote names a project that is not in the list."""

    message = N_("第 {line} 行：选票里的项目“{project}”不在项目表里。")


class BudgetVoteRepeats(BadInput):
    """A ranking or a list of points names a project twice."""

    message = N_("第 {line} 行：同一张选票把一个项目写了两次（选票 {voter}）。")


class BudgetPointsMismatch(BadInput):
    """Points and projects of a vote are not as many."""

    message = N_("第 {line} 行：分数的个数与项目的个数不一样。")


class BudgetWithoutProjects(BadInput):
    """There is nothing to vote on."""

    message = N_("文件里没有项目。")


class BudgetFileMissing(BadInput):
    """Nothing was chosen to upload."""

    message = N_("请先选一个 .pb 文件。")


class BudgetCostTooFine(BadInput):
    """Money here has no part smaller than a fen."""

    message = N_("文件里有不到一分钱的金额，不能直接用来发起表决。")


class BudgetUncountable(BadInput):
    """A rule finds no end with this file's costs, or a limit in it is no number."""

    message = N_("这份文件按这种规则算不出来，请换一种规则。")


class NoBudget(NotFound):
    """Only a participatory budget has this file."""

    message = N_("这次表决不是参与式预算，没有 .pb 文件。")


UNREADABLE_BUDGETS: Final[Mapping[str, type[BadInput]]] = {
    "too_large": BudgetFileTooLarge,
    "not_text": BudgetFileNotText,
    "no_section": BudgetSectionMissing,
    "section_twice": BudgetSectionTwice,
    "no_column": BudgetColumnMissing,
    "no_meta": BudgetFieldMissing,
    "bad_number": BudgetNumberUnreadable,
    "negative_number": BudgetNumberNegative,
    "unknown_vote_type": BudgetVoteTypeUnknown,
    "project_twice": BudgetProjectTwice,
    "unknown_project": BudgetProjectUnknown,
    "project_twice_in_vote": BudgetVoteRepeats,
    "points_do_not_match": BudgetPointsMismatch,
    "no_projects": BudgetWithoutProjects,
}
