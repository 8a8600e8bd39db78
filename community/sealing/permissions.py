"""What one may do with boxes, envelopes and keys."""

from __future__ import annotations

from community.kernel.errors import N_
from community.kernel.permissions import Role, permission

KEEP_KEY = permission(
    "sealing.keep_key",
    N_("登记自己的开启公钥"),
    Role.RESIDENT,
    Role.STAFF,
    Role.COMMITTEE,
    Role.STREET,
    Role.ORGANIZATION,
)
GIVE_SHARES = permission(
    "sealing.give_shares",
    N_("截止后作为开启人交出份额"),
    Role.RESIDENT,
    Role.STAFF,
    Role.COMMITTEE,
    Role.STREET,
    Role.ORGANIZATION,
)
OPEN_OWN = permission(
    "sealing.open_own",
    N_("截止后用自己的密钥开启自己的加密文件"),
    Role.RESIDENT,
    Role.STAFF,
    Role.ORGANIZATION,
)

AUDIT = permission("sealing.audit", N_("开启后核对封存件的原样与密钥"), Role.STREET, Role.AUDITOR)

ALL = (KEEP_KEY, GIVE_SHARES, OPEN_OWN, AUDIT)
