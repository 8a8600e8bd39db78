"""The pages of the public log, split by business word; importing a file registers its pages."""

from community.transparency.views import browsing, files, witnessing
from community.transparency.views.pages import views
from community.transparency.views.verifying import verifying

__all__ = ["browsing", "files", "verifying", "views", "witnessing"]
