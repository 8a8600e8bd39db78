"""Reading and writing participatory budgets as Pabulib's `.pb` files.

Source: https://pabulib.org/format. A file has three tables parted by `;`: META, PROJECTS, VOTES.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from community.deliberation.tallies.kinds import BallotForm
from community.deliberation.tallies.values import WANTED, BadCount, Ballot, Option

SECTIONS: Final = ("META", "PROJECTS", "VOTES")
FORMS: Final = {
    "approval": BallotForm.APPROVAL,
    "choose-1": BallotForm.APPROVAL,
    "ordinal": BallotForm.RANKED,
    "cumulative": BallotForm.POINTS,
    "scoring": BallotForm.POINTS,
}
# Limits inside a category or a neighbourhood change who wins, and no rule here heeds them.
UNHEEDED: Final = frozenset({"budget_per_category", "budget_per_neighborhood"})
MOST_BYTES: Final = 200 << 20
MOST_PLACES: Final = 9  # of a decimal number; more are no money
Row = tuple[int, list[str]]  # line number and cells


class BadFile(BadCount):
    """A `.pb` file cannot be read; the facts name the line where there is one."""


@dataclass(frozen=True)
class Warned:
    """Something odd that was read all the same: a code and its facts."""

    code: str
    facts: Mapping[str, int | str]


@dataclass(frozen=True)
class PbProject:
    """A project as the file names it; `is_selected` is what the file says was bought."""

    number: int
    project_id: str
    cost: Fraction
    name: str = ""
    is_selected: bool | None = None


@dataclass(frozen=True)
class PbFile:
    """A whole file. Amounts are in the file's unit; `scale` makes each of them a whole number."""

    meta: Mapping[str, str]
    budget: Fraction
    form: BallotForm
    projects: tuple[PbProject, ...]
    ballots: tuple[Ballot, ...]
    scale: int
    points_scale: int = 1
    warnings: tuple[Warned, ...] = ()

    def options(self) -> tuple[Option, ...]:
        """Give the projects with their costs in whole units."""
        return tuple(Option(one.number, int(one.cost * self.scale)) for one in self.projects)

    def project_ids(self, numbers: Sequence[int]) -> tuple[str, ...]:
        """Name projects as the file does."""
        names = {one.number: one.project_id for one in self.projects}
        return tuple(names[number] for number in numbers)


@dataclass
class _Tables:
    """The rows of the three tables, each with its own header."""

    headers: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    warnings: list[Warned] = field(default_factory=list)

    def warn(self, code: str, **facts: int | str) -> None:
        """Keep something odd to be told."""
        self.warnings.append(Warned(code, facts))


def read_pb(content: bytes) -> PbFile:
    """Read a `.pb` file.

    Raises: BadFile (too_large, not_text, no_section, section_twice, no_column, no_meta, bad_number,
    negative_number, unknown_vote_type, project_twice, unknown_project, project_twice_in_vote,
    points_do_not_match, no_projects).
    """
    tables = _split_sections(_decode(content))
    meta = _read_meta(tables)
    vote_type = meta["vote_type"].lower()
    if vote_type not in FORMS:
        raise BadFile("unknown_vote_type", found=vote_type, known=", ".join(FORMS))
    budget = _amount(meta["budget"], 0, "budget")
    projects = _read_projects(tables)
    numbers = {one.project_id: one.number for one in projects}
    votes = [
        _with_default(vote, numbers, meta) if vote_type == "scoring" else vote
        for vote in _read_votes(tables, numbers, FORMS[vote_type])
    ]
    _compare_counts(tables, meta, len(projects), len(votes))
    points_scale = _scale(point for vote in votes for point in vote.values())
    return PbFile(
        meta=meta,
        budget=budget,
        form=FORMS[vote_type],
        projects=projects,
        ballots=tuple(
            tuple((number, int(point * points_scale)) for number, point in vote.items() if point)
            for vote in votes
        ),
        scale=_scale([budget, *(one.cost for one in projects)]),
        points_scale=points_scale,
        warnings=tuple(tables.warnings),
    )


def _decode(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise BadFile("too_large", most=MOST_BYTES)
    coding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(coding)
    except UnicodeDecodeError as wrong:
        raise BadFile("not_text", place=wrong.start) from None
    if "\0" in text:
        raise BadFile("not_text", place=text.index("\0"))
    return text


def _split_sections(text: str) -> _Tables:
    """Part the file into its tables; blank lines and the space around cells mean nothing."""
    tables = _Tables()
    section = ""
    for line, cells in _lines(text, tables):
        if title := _title(cells):
            if title in tables.rows:
                raise BadFile("section_twice", section=title, line=line)
            section = title
            tables.rows[section] = []
        elif cells[0].startswith("#") and not any(cells[1:]) and section != "VOTES":
            continue  # a remark
        elif not section:
            raise BadFile("no_section", section="META", line=line)
        elif section not in tables.headers:
            tables.headers[section] = [cell.lower() for cell in cells]
        else:
            tables.rows[section].append((line, cells))
    for name in SECTIONS:
        if name not in tables.headers:
            raise BadFile("no_section", section=name)
    return tables


def _lines(text: str, tables: _Tables) -> list[Row]:
    """Read the cells of each line; where quotes do not match, a line at a time."""
    csv.field_size_limit(MOST_BYTES)
    try:
        reader = csv.reader(
            io.StringIO(text, newline=""), delimiter=";", skipinitialspace=True, strict=True
        )
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error:
        rows = []
        for line, one in enumerate(text.splitlines(), start=1):
            if is_odd := bool(one.count('"') % 2):
                tables.warn("quotes", line=line)
            reader = csv.reader([one], delimiter=";", skipinitialspace=True)
            cells = one.split(";") if is_odd else next(reader, [])
            rows.append((line, [cell.strip() for cell in cells]))
    return [(line, cells) for line, cells in rows if any(cells)]


def _title(cells: Sequence[str]) -> str:
    """Give the section's name, where a line is a title and nothing else."""
    return cells[0].upper() if cells[0].upper() in SECTIONS and not any(cells[1:]) else ""


def _read_meta(tables: _Tables) -> dict[str, str]:
    meta = {}
    for _, cells in tables.rows["META"]:
        name, value = cells[0], ";".join(cells[1:])
        if len(cells) == 1:
            name, _, value = cells[0].partition(":")
        meta[name.strip().lower()] = value.strip()
    for name in ("budget", "vote_type"):
        if not meta.get(name):
            raise BadFile("no_meta", field=name)
    return meta


def _records(
    tables: _Tables, section: str, needed: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    header = tables.headers[section]
    for name in needed:
        if name not in header:
            raise BadFile("no_column", section=section, column=name)
    for line, cells in tables.rows[section]:
        # Trailing cells may be left out; surplus ones have no name and are passed over.
        yield line, dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=False))


def _read_projects(tables: _Tables) -> tuple[PbProject, ...]:
    projects: list[PbProject] = []
    seen: set[str] = set()
    for line, cells in _records(tables, "PROJECTS", ("project_id", "cost")):
        project_id = cells["project_id"]
        if not project_id or project_id in seen:
            raise BadFile("project_twice", project=project_id or "-", line=line)
        seen.add(project_id)
        selected = cells.get("selected", "")
        projects.append(
            PbProject(
                number=len(projects) + 1,
                project_id=project_id,
                cost=_amount(cells["cost"], line, "cost"),
                name=cells.get("name", ""),
                is_selected=selected == "1" if "selected" in cells else None,
            )
        )
    if not projects:
        raise BadFile("no_projects")
    return tuple(projects)


def _read_votes(
    tables: _Tables, numbers: Mapping[str, int], form: BallotForm
) -> Iterator[dict[int, Fraction]]:
    needed = ("vote", "points") if form == BallotForm.POINTS else ("vote",)
    seen: set[str] = set()
    for line, cells in _records(tables, "VOTES", needed):
        voter = cells.get("voter_id", "")
        if voter and voter in seen:
            tables.warn("voter_twice", voter=voter, line=line)
        seen.add(voter)
        wanted = _cells(cells["vote"])
        for project_id in wanted:
            if project_id not in numbers:
                raise BadFile("unknown_project", project=project_id, line=line)
        if len(set(wanted)) != len(wanted):
            if form != BallotForm.APPROVAL:
                raise BadFile("project_twice_in_vote", voter=voter, line=line)
            tables.warn("project_twice_in_vote", voter=voter, line=line)
            wanted = list(dict.fromkeys(wanted))
        points = _points(cells, wanted, form, line)
        yield {numbers[one]: point for one, point in zip(wanted, points, strict=True)}


def _with_default(
    vote: dict[int, Fraction], numbers: Mapping[str, int], meta: Mapping[str, str]
) -> dict[int, Fraction]:
    """Score what a scoring vote leaves out."""
    default = _number(meta.get("default_score") or "0", 0, "default_score")
    return {number: vote.get(number, default) for number in numbers.values()} if default else vote


def _compare_counts(tables: _Tables, meta: Mapping[str, str], projects: int, votes: int) -> None:
    for name, found in (("num_projects", projects), ("num_votes", votes)):
        said = meta.get(name, "")
        if said and said != str(found):
            tables.warn("other_count", field=name, said=said, found=found)
    for name in sorted(set(meta) & UNHEEDED):
        tables.warn("not_heeded", field=name)


def _points(
    cells: Mapping[str, str], wanted: Sequence[str], form: BallotForm, line: int
) -> list[Fraction]:
    if form == BallotForm.APPROVAL:
        return [Fraction(WANTED)] * len(wanted)
    if form == BallotForm.RANKED:
        return [Fraction(rank) for rank in range(1, len(wanted) + 1)]
    points = _cells(cells["points"])
    if len(points) != len(wanted):
        raise BadFile("points_do_not_match", line=line)
    return [_number(point, line, "points") for point in points]


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.split(",") if cell.strip()]


def _amount(text: str, line: int, column: str) -> Fraction:
    amount = _number(text, line, column)
    if amount < 0:
        raise BadFile("negative_number", column=column, found=text, line=line)
    return amount


def _number(text: str, line: int, column: str) -> Fraction:
    """Read a number; some files write a decimal comma, or spaces between thousands."""
    plain = text.replace("\xa0", "").replace(" ", "")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise BadFile("bad_number", column=column, found=text[:40], line=line) from None
    if not number.is_finite() or abs(number.adjusted()) > 18:
        raise BadFile("bad_number", column=column, found=text[:40], line=line)
    return Fraction(number)


def _scale(amounts: Sequence[Fraction] | Iterator[Fraction]) -> int:
    """Find the power of ten that makes all amounts whole."""
    scale = 1
    for amount in amounts:
        while (amount * scale).denominator != 1 and scale < 10**MOST_PLACES:
            scale *= 10
    return scale


def write_pb(
    meta: Mapping[str, str],
    projects: Sequence[Mapping[str, str]],
    votes: Sequence[Mapping[str, str]],
) -> str:
    """Write a `.pb` file; every project, and every vote, has the same columns.

    A cell that could be taken for a formula or a title is the reader's business: the format knows
    no escape but quotes.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["META"])
    writer.writerow(["key", "value"])
    writer.writerows([name, _one_line(value)] for name, value in meta.items())
    for title, rows, columns in (
        ("PROJECTS", projects, ("project_id", "cost")),
        ("VOTES", votes, ("voter_id", "vote")),
    ):
        header = list(rows[0]) if rows else list(columns)
        writer.writerow([title])
        writer.writerow(header)
        writer.writerows([_one_line(row[name]) for name in header] for row in rows)
    return out.getvalue()


def _one_line(text: str) -> str:
    """Keep a cell on its line: many readers of the format go line by line."""
    return " ".join(text.split())
