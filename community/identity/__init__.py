"""People, homes, organizations, roles, sign-in and help for others (代办).

Other rooms ask here who somebody is, where they live, what they may do and how they are reached;
identity knows nothing of money, hours or votes.
"""

from community.identity.events import (
    HouseholdSold,
    PeopleMerged,
    PersonDied,
    PersonErased,
    PersonJoined,
    PersonMoved,
    TenancyEnded,
)
from community.identity.models import ConsentKind, OrganizationKind
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
    organizations,
)
from community.identity.queries.people import (
    Address,
    PersonCard,
    addresses_of,
    get_person,
    has_consent,
    member_ids,
    people,
    search_people,
)
from community.identity.queries.places import (
    Building,
    Household,
    Owner,
    Unit,
    building_of,
    buildings,
    get_household,
    household_of,
    households,
    members_of,
    owners,
    share_household,
    units,
)
from community.identity.queries.sessions import Home, communities_of
from community.identity.queries.standing import (
    actor_for,
    employer_of,
    guardian_of,
    is_member,
    people_with_role,
    permission_table,
    relatives_of,
    spouse_of,
    use_permission_table,
    wards_of,
)
from community.identity.service.personal import erase_person, export_person

__all__ = [
    "Address",
    "Building",
    "CardOwner",
    "ConsentKind",
    "Home",
    "Household",
    "HouseholdSold",
    "Organization",
    "OrganizationKind",
    "Owner",
    "PeopleMerged",
    "PersonCard",
    "PersonDied",
    "PersonErased",
    "PersonJoined",
    "PersonMoved",
    "TenancyEnded",
    "Unit",
    "actor_for",
    "add_consequence_source",
    "add_export_source",
    "addresses_of",
    "building_of",
    "buildings",
    "card_owner",
    "communities_of",
    "consequences",
    "employer_of",
    "erase_person",
    "export_person",
    "get_household",
    "get_organization",
    "get_person",
    "guardian_of",
    "has_consent",
    "household_of",
    "households",
    "is_member",
    "member_ids",
    "members_of",
    "organizations",
    "owners",
    "people",
    "people_with_role",
    "permission_table",
    "relatives_of",
    "search_people",
    "share_household",
    "spouse_of",
    "units",
    "use_permission_table",
    "wards_of",
]
