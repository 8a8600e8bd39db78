"""The pages of deliberation, split by business word; importing a file puts its pages in place."""

from community.deliberation.views.blueprint import views
from community.web.layout import DeskLink

# Each part adds its own line of links to the desk.
DESK: tuple[DeskLink, ...] = ()

__all__ = [
    "DESK",
    "views",
]
