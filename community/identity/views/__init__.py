"""The pages of identity, split by business word."""

from community.identity.permissions import (
    MAKE_DEVICE_TOKENS,
    SEE_PEOPLE,
    SEE_PERMISSIONS,
    SEE_ROLES,
)
from community.identity.queries.joining import count_applications
from community.identity.views import (
    account,
    assisted,
    backups,
    card_sheets,
    cards,
    changes,
    developers,
    importing,
    joining,
    letters,
    people,
    roles,
    setup,
    sign_in,
)
from community.identity.views.blueprint import views
from community.identity.views.loading import ACTORS, init_identity
from community.identity.views.office import OFFICE_DESK
from community.identity.views.words import name_acts
from community.kernel.errors import N_
from community.web.access import the_actor
from community.web.extensions import db
from community.web.layout import DeskLink

__all__ = [
    "ACTORS",
    "DESK",
    "OFFICE_DESK",
    "account",
    "assisted",
    "backups",
    "card_sheets",
    "cards",
    "changes",
    "developers",
    "importing",
    "init_identity",
    "joining",
    "letters",
    "name_acts",
    "people",
    "roles",
    "setup",
    "sign_in",
    "views",
]


def _waiting() -> int:
    return count_applications(db.session, the_actor().community_id)


_GROUP = N_("居民")

DESK = (
    DeskLink(N_("居民档案"), "identity.people", SEE_PEOPLE.code, 400, group=_GROUP),
    DeskLink(N_("加入申请"), "identity.applications", SEE_PEOPLE.code, 410, _waiting, group=_GROUP),
    DeskLink(N_("角色"), "identity.roles", SEE_ROLES.code, 420, group=_GROUP),
    DeskLink(N_("权限表"), "identity.permissions", SEE_PERMISSIONS.code, 470, group=_GROUP),
    DeskLink(N_("扫码设备"), "identity.devices", MAKE_DEVICE_TOKENS.code, 460, group=_GROUP),
)
