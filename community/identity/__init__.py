"""People, homes, organizations, roles, sign-in and help for others (代办).

Other rooms ask here who somebody is, where they live, what they may do and how they are reached;
identity knows nothing of money, hours or votes.
"""

from community.identity.events import (
    ChangeUndone,
    HouseholdSold,
    PeopleMerged,
    PersonDied,
    PersonErased,
    PersonJoined,
    PersonMoved,
    TenancyEnded,
)
from community.identity.importing.mistakes import UnreadableCellError
from community.identity.importing.people import Census, Draft, OwnedShare, UnitDraft
from community.identity.importing.pieces import Piece, pieces_of
from community.identity.importing.places import Place, read_building, read_entrance, read_room
from community.identity.importing.reading import UnitKey
from community.identity.models import ConsentKind, OrganizationKind
from community.identity.models.assisted import Relation
from community.identity.models.people import Sex
from community.identity.queries.consequences import (
    add_consequence_source,
    add_export_source,
    consequences,
)
from community.identity.queries.organizations import (
    CardOwner,
    Organization,
    card_owner,
    get_organization,
    known_organizations,
    organizations,
)
from community.identity.queries.people import (
    Address,
    PersonCard,
    addresses_of,
    addresses_of_all,
    find_personal_words,
    get_person,
    has_consent,
    member_ids,
    names_in,
    people,
    person_ids,
    person_name,
    search_people,
    sexes_of,
)
from community.identity.queries.places import (
    Building,
    Household,
    Owner,
    Unit,
    building_of,
    buildings,
    get_household,
    household_heads,
    household_of,
    households,
    members_of,
    owned_units,
    owners,
    share_household,
    undelivered_units,
    unit_count,
    unit_names,
    units,
)
from community.identity.queries.sessions import Home, communities_of
from community.identity.queries.setup import Option as SetupOption
from community.identity.queries.setup import SetupChoice, add_setup_choice, set_first_step
from community.identity.queries.standing import (
    actor_for,
    employer_of,
    guardian_of,
    is_member,
    people_with_role,
    permission_table,
    relatives_of,
    spouse_of,
    staff_of,
    use_permission_table,
    wards_of,
)
from community.identity.rules.credit_codes import is_credit_code
from community.identity.service import apply_to_join, ask_access, give_slip, make_device_token
from community.identity.service.assisted import record_access
from community.identity.service.cards import print_card
from community.identity.service.census import Places, write_piece
from community.identity.service.developers import hand_over_units, hold_back_units
from community.identity.service.importing import keep_import
from community.identity.service.letters import print_letters, renew_letter
from community.identity.service.organizations import add_organization, dismiss_staff, employ_staff
from community.identity.service.passwords import hash_password, set_password
from community.identity.service.personal import erase_person, export_person
from community.identity.service.relatives import record_bond
from community.identity.service.roles import grant_role

__all__ = [
    "Address",
    "Building",
    "CardOwner",
    "Census",
    "ChangeUndone",
    "ConsentKind",
    "Draft",
    "Home",
    "Household",
    "HouseholdSold",
    "Organization",
    "OrganizationKind",
    "OwnedShare",
    "Owner",
    "PeopleMerged",
    "PersonCard",
    "PersonDied",
    "PersonErased",
    "PersonJoined",
    "PersonMoved",
    "Piece",
    "Place",
    "Places",
    "Relation",
    "SetupChoice",
    "SetupOption",
    "Sex",
    "TenancyEnded",
    "Unit",
    "UnitDraft",
    "UnitKey",
    "UnreadableCellError",
    "actor_for",
    "add_consequence_source",
    "add_export_source",
    "add_organization",
    "add_setup_choice",
    "addresses_of",
    "addresses_of_all",
    "apply_to_join",
    "ask_access",
    "building_of",
    "buildings",
    "card_owner",
    "communities_of",
    "consequences",
    "dismiss_staff",
    "employ_staff",
    "employer_of",
    "erase_person",
    "export_person",
    "find_personal_words",
    "get_household",
    "get_organization",
    "get_person",
    "give_slip",
    "grant_role",
    "guardian_of",
    "hand_over_units",
    "has_consent",
    "hash_password",
    "hold_back_units",
    "household_heads",
    "household_of",
    "households",
    "is_credit_code",
    "is_member",
    "keep_import",
    "known_organizations",
    "make_device_token",
    "member_ids",
    "members_of",
    "names_in",
    "organizations",
    "owned_units",
    "owners",
    "people",
    "people_with_role",
    "permission_table",
    "person_ids",
    "person_name",
    "pieces_of",
    "print_card",
    "print_letters",
    "read_building",
    "read_entrance",
    "read_room",
    "record_access",
    "record_bond",
    "relatives_of",
    "renew_letter",
    "search_people",
    "set_first_step",
    "set_password",
    "sexes_of",
    "share_household",
    "spouse_of",
    "staff_of",
    "undelivered_units",
    "unit_count",
    "unit_names",
    "units",
    "use_permission_table",
    "wards_of",
    "write_piece",
]
