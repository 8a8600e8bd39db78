"""The tables of people, places, standing, sign-in and help; split by business word."""

from community.identity.models.assisted import (
    AccessProof,
    AssistedAccess,
    AssistedAct,
    Guardianship,
    Relation,
    RelativeBond,
)
from community.identity.models.changes import ChangeAct, ResidentChange
from community.identity.models.importing import IMPORT_STEPS, ImportState, ResidentImport
from community.identity.models.joining import (
    ApplicationState,
    Card,
    DeviceToken,
    Invitation,
    InvitationSheet,
    JoiningApplication,
)
from community.identity.models.organizations import (
    CommunityOrganization,
    Organization,
    OrganizationKind,
    OrganizationStaff,
)
from community.identity.models.people import (
    Consent,
    ConsentKind,
    Membership,
    MergeRecord,
    Person,
    Phone,
    RoleGrant,
    Sex,
)
from community.identity.models.places import (
    Building,
    Household,
    HouseholdMember,
    Ownership,
    Tenancy,
    Unit,
)
from community.identity.models.setup import SetupProgress
from community.identity.models.signing_in import (
    CodeKind,
    OneTimeCode,
    Password,
    SignInAttempt,
    SignInSession,
    SignInWay,
)

__all__ = [
    "IMPORT_STEPS",
    "AccessProof",
    "ApplicationState",
    "AssistedAccess",
    "AssistedAct",
    "Building",
    "Card",
    "ChangeAct",
    "CodeKind",
    "CommunityOrganization",
    "Consent",
    "ConsentKind",
    "DeviceToken",
    "Guardianship",
    "Household",
    "HouseholdMember",
    "ImportState",
    "Invitation",
    "InvitationSheet",
    "JoiningApplication",
    "Membership",
    "MergeRecord",
    "OneTimeCode",
    "Organization",
    "OrganizationKind",
    "OrganizationStaff",
    "Ownership",
    "Password",
    "Person",
    "Phone",
    "Relation",
    "RelativeBond",
    "ResidentChange",
    "ResidentImport",
    "RoleGrant",
    "SetupProgress",
    "Sex",
    "SignInAttempt",
    "SignInSession",
    "SignInWay",
    "Tenancy",
    "Unit",
]
