"""Micro-projects (民生微实事): from a resident's idea to a paid and judged job.

Proposals, votes' subjects, tenders, awards, contracts and their money; votes themselves, books
and people are other rooms' and are reached through their doors.
"""

from community.micro_projects import models as _models  # noqa: F401  its tables join the metadata
from community.micro_projects.checks import problems
from community.micro_projects.events import ProjectMoved, VoteNoLongerWanted, VoteWanted
from community.micro_projects.queries.personal import export_person
from community.micro_projects.queries.projects import ProjectView, find_project
from community.micro_projects.queries.suppliers import SupplierView, bidder_fit, find_supplier
from community.micro_projects.rules.projects import ProjectCategory, ProjectKind
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service.moving import move_project
from community.micro_projects.service.personal import erase_person, merge_person
from community.micro_projects.service.releasing import use_prefix

__all__ = [
    "ProjectCategory",
    "ProjectKind",
    "ProjectMoved",
    "ProjectState",
    "ProjectView",
    "SupplierView",
    "VoteNoLongerWanted",
    "VoteWanted",
    "bidder_fit",
    "erase_person",
    "export_person",
    "find_project",
    "find_supplier",
    "merge_person",
    "move_project",
    "problems",
    "use_prefix",
]
