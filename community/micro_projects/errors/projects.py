"""Why a project is not found or does not move."""

from __future__ import annotations

from community.kernel.errors import N_, NotFound, RuleBroken


class ProjectNotFound(NotFound):
    """There is no such project in this community, or it is not for these eyes yet."""

    message = N_("没有找到这个项目。请从项目列表里打开。")


class MoveRefused(RuleBroken):
    """The project's table of steps does not know this move."""

    message = N_("项目现在是“{state}”，不能改为“{wanted}”。请刷新页面看最新进度。")
