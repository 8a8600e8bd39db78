"""Tables of the books, with the constraints and triggers that hold whoever writes."""

from community.ledger.models import approvals, books, triggers

__all__ = ["approvals", "books", "triggers"]
