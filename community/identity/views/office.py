"""The office's links on the work desk: residents' changes, imports, letters."""

from __future__ import annotations

from community.identity.permissions import (
    INVITE,
    PRINT_CARDS,
    SEE_BACKUPS,
    SEE_PEOPLE,
)
from community.kernel.errors import N_
from community.web.layout import DeskLink

GROUP = N_("居民")

OFFICE_DESK = (
    DeskLink(N_("居民变动"), "identity.changes", SEE_PEOPLE.code, 430, group=GROUP),
    DeskLink(N_("开发商房屋"), "identity.developer_units", SEE_PEOPLE.code, 445, group=GROUP),
    DeskLink(N_("导入住户"), "identity.imports", SEE_PEOPLE.code, 440, group=GROUP),
    DeskLink(N_("打印卡片"), "identity.card_sheets", PRINT_CARDS.code, 353, group=GROUP),
    DeskLink(N_("备份与恢复"), "identity.backups", SEE_BACKUPS.code, 990, group=N_("系统")),
    DeskLink(N_("邀请信"), "identity.letters", INVITE.code, 450, group=GROUP),
)
