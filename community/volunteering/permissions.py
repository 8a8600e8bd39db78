"""What one may do in volunteering, and which roles may."""

from __future__ import annotations

from community.kernel.errors import N_
from community.kernel.permissions import Role, permission

RULES = permission("volunteering.rules", N_("订立和修改积分、时长与时间银行的规则"), Role.STAFF)

ALL = (RULES,)
