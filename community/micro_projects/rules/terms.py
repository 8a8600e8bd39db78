"""The figures of a district for projects, as dated data with where they come from."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from community.kernel.errors import N_
from community.micro_projects.rules.projects import ProjectKind


@dataclass(frozen=True, slots=True)
class ProjectTerms:
    """The figures projects are held to; days are calendar days, those of a review working days.

    A quote is asked for above `quotes_above_fen`: at least `quotes_needed` of them.
    """

    service_cap_fen: int
    goods_cap_fen: int
    works_cap_fen: int
    quota_fen: int
    endorsers: int = 10
    endorse_days: int = 30
    merge_days: int = 7
    quotes_above_fen: int = 10_000_00
    quotes_needed: int = 3
    vote_days: int = 7
    notice_days: int = 5
    review_days: int = 10
    return_days: int = 60
    library_days: int = 730
    pledge_days: int = 60

    def cap_fen(self, kind: ProjectKind) -> int:
        """Give the most a project of a kind may cost."""
        return {
            ProjectKind.SERVICE: self.service_cap_fen,
            ProjectKind.GOODS: self.goods_cap_fen,
            ProjectKind.WORKS: self.works_cap_fen,
        }[kind]


@dataclass(frozen=True, slots=True)
class TermsPreset:
    """A district's practice that an office can copy and change.

    The figures were reported in articles; the orders themselves were not read.
    """

    code: str
    locality: str
    basis: str
    terms: ProjectTerms


PRESETS = (
    TermsPreset(
        "luohu",
        N_("深圳市罗湖区"),
        N_("罗湖区民生微实事做法（2020 年，据报道，未读到原文）"),
        ProjectTerms(500_000_00, 500_000_00, 1_000_000_00, 2_000_000_00),
    ),
    TermsPreset(
        "zhuhai",
        N_("珠海市"),
        N_("珠海市民生微实事做法（据报道，未读到原文）"),
        ProjectTerms(200_000_00, 200_000_00, 500_000_00, 2_000_000_00),
    ),
)
FIRST = PRESETS[0]
NAMES = tuple(each.name for each in fields(ProjectTerms))


def to_figures(terms: ProjectTerms) -> dict[str, int]:
    """Write the figures as plain JSON."""
    return asdict(terms)


def from_figures(figures: dict[str, Any]) -> ProjectTerms:
    """Read the figures of a row; what it does not name is as in the class."""
    return ProjectTerms(**{name: figures[name] for name in NAMES if name in figures})
