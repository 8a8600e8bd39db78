"""What a reader may look for among projects."""

from __future__ import annotations

from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.states import ProjectState
from community.web.fields import OneOf, Shape, Whole, Words, Yuan


class Search(Shape):
    """A search; every field may be left out."""

    text = Words(load_default="", longest=60)
    kind = OneOf(ProjectKind, load_default=None)
    state = OneOf(ProjectState, load_default=None)
    organization = Words(load_default="", longest=60)
    least_fen = Yuan(load_default=None)
    most_fen = Yuan(load_default=None)
    year = Whole(load_default=None, minimum=2000, maximum=2999)
    after = Whole(load_default=None, minimum=1)
