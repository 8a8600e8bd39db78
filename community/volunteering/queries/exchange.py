"""Sheets of other platforms: their layouts, what a file holds, whom it names, what overlaps."""

from __future__ import annotations

import csv
import io
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.volunteering.models import ExchangeLayout, HoursImport, HoursRecord
from community.volunteering.rules.sheets import Column, Mistake, SheetRow, read_row, with_mistake
from community.volunteering.rules.states import HoursSource, HoursState

PRESETS = Path(__file__).resolve().parent.parent / "presets"
PLATFORMS = ("zhiyuanhui", "izhiyuan")
# Title lines and merged headings stand above the headings in offices' sheets.
HEAD_WITHIN = 12
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Layout:
    """Which heading of a platform's sheet means what; `is_own` when the community changed it."""

    platform: str
    name: str
    label: str
    columns: tuple[tuple[Column, str], ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """A row with the person it names and whether hours of that day are here already."""

    row: SheetRow
    person_id: int | None
    overlaps: bool


@dataclass(frozen=True, slots=True)
class ImportView:
    """An uploaded file and how far it is."""

    id: int
    platform: str
    file_name: str
    file_id: int
    uploaded_at: datetime
    job_id: int | None
    rows_taken: int
    rows_overlapping: int
    ended_at: datetime | None


def layout_of(session: Session, community_id: int, platform: str) -> Layout:
    """Give a platform's layout, as reported or as the community changed it.

    Raises: NotFound.
    """
    if platform not in PLATFORMS:
        raise NotFound
    shipped = tomllib.loads((PRESETS / f"{platform}.toml").read_text(encoding="utf-8"))
    own = session.scalar(
        select(ExchangeLayout).where(
            ExchangeLayout.community_id == community_id, ExchangeLayout.platform == platform
        )
    )
    columns = dict(own.columns if own else shipped["columns"])
    return Layout(
        platform,
        shipped["name"],
        shipped["label"],
        tuple((column, columns[column]) for column in Column if columns.get(column)),
        own is not None,
    )


def imports(session: Session, community_id: int) -> tuple[ImportView, ...]:
    """List uploaded files, the newest first."""
    rows = session.scalars(
        select(HoursImport)
        .where(HoursImport.community_id == community_id)
        .order_by(HoursImport.id.desc())
        .limit(50)
    )
    return tuple(_view(row) for row in rows)


def get_import(session: Session, community_id: int, import_id: int) -> ImportView:
    """Get an uploaded file.

    Raises: NotFound.
    """
    row = session.get(HoursImport, import_id)
    if row is None or row.community_id != community_id:
        raise NotFound
    return _view(row)


def read_rows(session: Session, community_id: int, found: ImportView) -> tuple[SheetRow, ...]:
    """Read a kept file's rows by its platform's layout."""
    layout = layout_of(session, community_id, found.platform)
    with files.open_file(files.get_file(session, community_id, found.file_id)) as opened:
        content = opened.read()
    return tuple(rows_in(content, layout, clock.today()))


def rows_in(content: bytes, layout: Layout, today: date) -> Iterator[SheetRow]:
    """Read the rows below the line that holds the layout's headings."""
    headings = {heading: column for column, heading in layout.columns}
    places: dict[int, Column] = {}
    for number, cells in enumerate(_grid(content), start=1):
        if not places:
            found = {
                place: headings[str(cell).strip()]
                for place, cell in enumerate(cells)
                if cell is not None and str(cell).strip() in headings
            }
            if Column.PERSON in found.values() and len(found) >= 2:
                places = found
            elif number > HEAD_WITHIN:
                return
            continue
        values = {column: cells[place] for place, column in places.items() if place < len(cells)}
        if any(value not in (None, "") for value in values.values()):
            yield read_row(number, values, today)


def match_rows(session: Session, actor: Actor, rows: tuple[SheetRow, ...]) -> tuple[Matched, ...]:
    """Find whom each row names, and whether hours of that day are here already."""
    people = identity.people(
        session, actor.community_id, identity.member_ids(session, actor.community_id)
    )
    by_name: dict[str, list[identity.PersonCard]] = {}
    for card in people.values():
        by_name.setdefault(card.name, []).append(card)
    mine = (
        identity.household_of(session, actor.community_id, actor.person_id)
        if actor.person_id
        else None
    )
    matched = []
    for row in rows:
        if row.mistake is not None:
            matched.append(Matched(row, None, overlaps=False))
            continue
        found = _named(session, actor.community_id, by_name.get(row.person, []), row.phone)
        mistake = _who_is_wrong(found, actor.person_id, mine)
        if mistake is not None:
            matched.append(Matched(with_mistake(row, mistake), None, overlaps=False))
            continue
        overlaps = has_hours_on(session, actor.community_id, found[0].id, row.served_on)
        matched.append(Matched(row, found[0].id, overlaps))
    return tuple(matched)


def has_hours_on(session: Session, community_id: int, person_id: int, day: date | None) -> bool:
    """Tell whether hours of a day that were not imported stand here for a person."""
    return (
        session.scalar(
            select(HoursRecord.id)
            .where(
                HoursRecord.community_id == community_id,
                HoursRecord.person_id == person_id,
                HoursRecord.served_on == day,
                HoursRecord.source != HoursSource.IMPORT,
                HoursRecord.state == HoursState.CONFIRMED,
            )
            .limit(1)
        )
        is not None
    )


def count_mistakes(matched: tuple[Matched, ...]) -> dict[Mistake, int]:
    """Count the rows left out by their reason."""
    return dict(Counter(each.row.mistake for each in matched if each.row.mistake is not None))


def _who_is_wrong(
    found: list[identity.PersonCard], importer: int | None, home: int | None
) -> Mistake | None:
    if not found:
        return Mistake.UNKNOWN_PERSON
    if len(found) > 1:
        return Mistake.SEVERAL_PEOPLE
    if found[0].id == importer or (home is not None and found[0].household_id == home):
        return Mistake.OWN_HOUSEHOLD
    return None


def _named(
    session: Session, community_id: int, cards: list[identity.PersonCard], phone: str
) -> list[identity.PersonCard]:
    if not phone or len(cards) < 2:
        return cards
    return [
        card
        for card in cards
        if any(
            address.value == phone
            for address in identity.addresses_of(session, community_id, card.id)
        )
    ]


def _grid(content: bytes) -> Iterator[tuple[object, ...]]:
    if content[:2] != b"PK":
        text = _decode(content)
        yield from (tuple(row) for row in csv.reader(io.StringIO(text)))
        return
    import openpyxl  # 0.2 s that most requests do not need

    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, read_only=True)
    for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True)):
        if number > MOST_ROWS:
            return
        yield row


def _decode(content: bytes) -> str:
    # Excel in China saves CSV as GB 18030, everything else as UTF-8.
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _view(row: HoursImport) -> ImportView:
    return ImportView(
        id=row.id, platform=row.platform, file_name=row.file_name, file_id=row.file_id,
        uploaded_at=row.uploaded_at, job_id=row.job_id, rows_taken=row.rows_taken,
        rows_overlapping=row.rows_overlapping, ended_at=row.ended_at,
    )  # fmt: skip
