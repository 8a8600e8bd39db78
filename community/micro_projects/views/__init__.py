"""The pages of projects, split by business word; importing a file puts its pages in place."""

from community.micro_projects.views.blueprint import views
from community.micro_projects.views.open_data import open_data
from community.micro_projects.views.projects import projects
from community.micro_projects.views.search import search_projects
from community.web.layout import DeskLink

# Each part adds its own line of links to the desk.
DESK: tuple[DeskLink, ...] = ()

__all__ = ["DESK", "open_data", "projects", "search_projects", "views"]
