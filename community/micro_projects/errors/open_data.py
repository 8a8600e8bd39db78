"""Refusals of the open data."""

from __future__ import annotations

from community.kernel.errors import N_, NotFound


class NothingPublished(NotFound):
    """No process or release has this number."""

    message = N_("没有这个编号的公开数据，请从目录页进入。")
