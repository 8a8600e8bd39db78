"""The pages of this room, split by business word."""

from community.sealing.views import auditing, boxes, keys, opening, page
from community.sealing.views.blueprint import views

__all__ = ["auditing", "boxes", "keys", "opening", "page", "views"]
