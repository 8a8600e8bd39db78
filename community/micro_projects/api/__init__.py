"""The rows of the API, split by business word; importing a file adds its rows."""

from community.micro_projects.api import (
    awards,
    contracts,
    due,
    open_data,
    project_desk,
    projects,
    search,
    suppliers,
    tenders,
    venture,
)
from community.micro_projects.api.room import api

__all__ = [
    "api",
    "awards",
    "contracts",
    "due",
    "open_data",
    "project_desk",
    "projects",
    "search",
    "suppliers",
    "tenders",
    "venture",
]
