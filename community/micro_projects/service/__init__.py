"""Commands upon projects, split by business word.

The files named here add what a move brings about; importing this package puts that in place.
"""

from community.micro_projects.service import pledging, quotas, voting

__all__ = ["pledging", "quotas", "voting"]
