"""The rows of the API, split by business word; importing a file adds its rows."""

from community.micro_projects.api import (
    contracts,
    due,
    open_data,
    project_desk,
    projects,
    search,
    tenders,
)
from community.micro_projects.api.room import api

__all__ = ["api", "contracts", "due", "open_data", "project_desk", "projects", "search", "tenders"]
