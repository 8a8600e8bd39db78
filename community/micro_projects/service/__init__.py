"""Commands upon projects, split by business word.

The files named here add what a move brings about; importing this package puts that in place.
"""

from community.micro_projects.service import quotas, refunding, venture_choice, voting

__all__ = ["quotas", "refunding", "venture_choice", "voting"]
