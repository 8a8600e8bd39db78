"""The tables of micro-projects, split by business word."""

from community.micro_projects.models.money import AwardHold, Payout
from community.micro_projects.models.projects import Project, ProjectPhoto, ProjectStep

__all__ = ["AwardHold", "Payout", "Project", "ProjectPhoto", "ProjectStep"]
