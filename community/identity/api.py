"""The JSON API of identity: each row reaches the command a page calls."""

from __future__ import annotations

from community.identity import permissions, service
from community.identity.queries import places
from community.identity.schemas import changes as change_shapes
from community.identity.schemas import importing as import_shapes
from community.identity.schemas import letters as letter_shapes
from community.identity.schemas import people as desk
from community.identity.schemas import signing_in as shapes
from community.identity.service import card_sheets, changes, developers, importing, letters
from community.web.access import PUBLIC, SIGNED_IN
from community.web.api import RoomApi

api = RoomApi("identity", "People, homes, roles and help for others")

api.act("/consents", service.give_consent, SIGNED_IN, shapes.ConsentBody)
api.act("/consents/withdraw", service.withdraw_consent, SIGNED_IN, shapes.ConsentBody)
api.act("/me/sex", service.tell_own_sex, SIGNED_IN, desk.OwnSexBody)
api.act("/me/erase", service.erase_own, SIGNED_IN)

api.act("/joining-applications", service.apply_to_join, PUBLIC, shapes.JoiningBody)
api.act(
    "/joining-applications/<int:application_id>/approve",
    service.approve_application,
    permissions.DECIDE_JOINING,
    desk.HouseholdBody,
)
api.act(
    "/joining-applications/<int:application_id>/reject",
    service.reject_application,
    permissions.DECIDE_JOINING,
    desk.JoiningReasonBody,
)

api.act("/relatives", service.ask_bond, SIGNED_IN, desk.BondBody)
api.act("/relatives/<int:bond_id>/confirm", service.confirm_bond, SIGNED_IN)
api.act("/relatives/<int:bond_id>/end", service.end_bond, SIGNED_IN)
api.act("/relatives/record", service.record_bond, permissions.RECORD_CONSENT, desk.DeskBondBody)
api.act(
    "/people/<int:child_id>/guardian",
    service.record_guardian,
    permissions.RECORD_CONSENT,
    desk.GuardianBody,
)
api.act("/people/<int:child_id>/guardian/end", service.end_guardian, permissions.RECORD_CONSENT)

api.act("/assisted-access", service.ask_access, permissions.ASK_ACCESS, desk.AccessBody)
api.act("/assisted-access/<int:access_id>/agree", service.agree_access, SIGNED_IN)
api.act("/assisted-access/<int:access_id>/revoke", service.revoke_access, SIGNED_IN)
api.act(
    "/assisted-access/record",
    service.record_access,
    permissions.RECORD_CONSENT,
    desk.DeskAccessBody,
)

api.act("/people", service.register_person, permissions.KEEP_PEOPLE, desk.PersonBody)
api.act(
    "/people/<int:person_id>/correct",
    service.correct_person,
    permissions.KEEP_PEOPLE,
    desk.CorrectionBody,
)
api.act("/people/<int:person_id>/sex", service.record_sex, permissions.KEEP_PEOPLE, desk.SexBody)
api.act(
    "/developer-units",
    developers.hold_back_units,
    permissions.KEEP_PEOPLE,
    change_shapes.HeldUnitsBody,
)
api.act(
    "/developer-units/hand-over",
    developers.hand_over_units,
    permissions.KEEP_PEOPLE,
    change_shapes.HandOverBody,
)
api.show("/developer-units", places.developer_units, permissions.SEE_PEOPLE)
api.act(
    "/people/<int:person_id>/phones", service.add_phone, permissions.KEEP_PEOPLE, desk.NumberBody
)
api.act(
    "/people/<int:person_id>/phones/remove",
    service.remove_phone,
    permissions.KEEP_PEOPLE,
    desk.NumberBody,
)
api.act(
    "/people/<int:kept_id>/merge", service.merge_people, permissions.MERGE_PEOPLE, desk.MergeBody
)
api.act("/people/<int:person_id>/roles", service.grant_role, permissions.GRANT_ROLES, desk.RoleBody)
api.act("/roles/<int:grant_id>/withdraw", service.withdraw_role, permissions.GRANT_ROLES)

api.act("/people/<int:person_id>/card", service.print_card, permissions.PRINT_CARDS)
api.act("/cards/<int:card_id>/revoke", service.revoke_card, SIGNED_IN)
api.act(
    "/households/<int:household_id>/card",
    service.renew_household_card,
    permissions.PRINT_CARDS,
)
api.act("/people/<int:person_id>/slip", service.give_slip, permissions.GIVE_DESK_SLIP)
api.act(
    "/device-tokens", service.make_device_token, permissions.MAKE_DEVICE_TOKENS, desk.DeviceBody
)
api.act(
    "/device-tokens/<int:token_id>/revoke",
    service.revoke_device_token,
    permissions.MAKE_DEVICE_TOKENS,
)

KEEP, INVITE, RECORD = permissions.KEEP_PEOPLE, permissions.INVITE, permissions.RECORD_CHANGES
api.act("/imports", importing.keep_import, KEEP, import_shapes.ResidentSheetBody)
api.act(
    "/imports/<int:import_id>/columns", importing.choose_columns, KEEP, import_shapes.ColumnsBody
)
api.act("/imports/<int:import_id>/start", importing.start_import, KEEP)
api.act("/imports/<int:import_id>/withdraw", importing.withdraw_import, KEEP)

api.act("/letters", letters.print_letters, INVITE, letter_shapes.PrintBody)
api.act("/households/<int:household_id>/letter", letters.renew_letter, INVITE)
api.act("/letters/<int:letter_id>/revoke", letters.revoke_letter, INVITE)

PERSON = "/people/<int:person_id>"
api.act(f"{PERSON}/death", changes.record_death, RECORD, change_shapes.DeathBody)
api.act(f"{PERSON}/move", changes.record_move, RECORD, change_shapes.MoveBody)
api.act(f"{PERSON}/sale", changes.record_sale, RECORD, change_shapes.SaleBody)
api.act(f"{PERSON}/tenancy-end", changes.end_tenancy, RECORD, change_shapes.MoveBody)
api.act("/changes/<int:change_id>/undo", changes.undo_change, RECORD)

api.act(
    "/buildings/<int:building_id>/cards", card_sheets.make_missing_cards, permissions.PRINT_CARDS
)
