"""Photograph every page of the demo community as its reader sees it: `make screenshots`.

Each page is opened by somebody who may open it, on a phone, in large type, on a desktop and in
English, and is looked at for what `tests.looking` finds. Ends with 1 when anything is wrong or
left out.
"""

from __future__ import annotations

import argparse
import logging
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as DriverError
from sqlalchemy import Enum, String, create_engine, select, text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from community import app as assembly
from community import demo, identity
from community.identity.models import Phone, SignInWay
from community.identity.service.sessions import begin_session
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.kernel.tables import Base, Community
from community.web.access import PUBLIC, SIGNED_IN, access_of
from tests import builders, errands
from tests.browser import find_chromium
from tests.looking import CHINESE, DESKTOP, MODES, Mode, listen_to, look_at
from tests.loopback import serve
from tests.page_ids import Reader, find_addresses
from tests.page_kinds import is_page
from tests.rehearsal import rehearse

SLUG = "guihua"
OUT = Path(__file__).parents[1] / "screenshots"
# Whose page it is: who may only look does not see what is done on it.
ROLES = {
    "deliberation.own_delivery": "voter",
    "micro_projects.edit_application": "applicant",
    "micro_projects.low_price": "bidder",
    "micro_projects.own_contract": "firm",
    "notices.job": Role.STAFF.value,
    "sealing.shares": Role.STAFF.value,
    "trust_property.approvals": Role.COMMITTEE.value,
    "trust_property.desk_audit": Role.AUDITOR.value,
    "trust_property.desk_audits": Role.AUDITOR.value,
    "trust_property.desk_closing": Role.COMMITTEE.value,
    "trust_property.estate": Role.STAFF.value,
    "trust_property.handovers": Role.STAFF.value,
    "trust_property.keys": Role.STAFF.value,
    "trust_property.matter": Role.COMMITTEE.value,
}
# Who is known by what they did: with a contract, asked about a price, told that a ballot came.
PEOPLE = {
    "applicant": (
        "SELECT lead_id FROM venture_application"
        " WHERE community_id = :community AND state = 'submitted' ORDER BY id DESC LIMIT 1"
    ),
    "firm": (
        "SELECT person_id FROM organization_staff JOIN contract USING (organization_id)"
        " WHERE contract.community_id = :community ORDER BY contract.id DESC, person_id LIMIT 1"
    ),
    "bidder": (
        "SELECT person_id FROM organization_staff JOIN bid USING (organization_id)"
        " JOIN low_price_query ON bid_id = bid.id WHERE bid.community_id = :community"
        " ORDER BY bid_id DESC, person_id LIMIT 1"
    ),
    "voter": (
        "SELECT voter_id FROM ballot_delivery JOIN roll_entry ON roll_entry.id = roll_entry_id"
        " WHERE ballot_delivery.community_id = :community AND disputed_at IS NULL"
        " ORDER BY ballot_delivery.id DESC LIMIT 1"
    ),
}
ACTS = {"trust_property.read": Role.PROPERTY.value}


@dataclass(frozen=True, slots=True)
class Visit:
    """One page, the role that opens it (None: nobody signed in), and what is done before."""

    endpoint: str
    address: str
    role: str | None
    errand: errands.Errand | None = None


def plan(app: Flask) -> tuple[list[Visit], list[str]]:
    """List the visits, and the pages that could not be planned with the reason."""
    visits, left = [], []
    roles = choose_people()
    with db.read() as session:
        coded = errands.addresses_with_codes(session)
    done_first = errands.errands(coded)
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.endpoint):
        if not is_page(rule):
            continue
        if rule.endpoint in done_first:
            visits.append(
                Visit(
                    rule.endpoint, done_first[rule.endpoint][0], None, done_first[rule.endpoint][1]
                )
            )
            continue
        role = _reader(app, rule, set(roles))
        if role == "nobody":
            left.append(f"{rule.endpoint}: no demo account may open it")
            continue
        address = coded.get(rule.endpoint)
        if address is None:
            with db.read() as session:
                reader = Reader(SLUG, roles.get(role or ""))
                address = find_addresses(session, rule, reader)
        if address is None:
            left.append(f"{rule.endpoint}: the demo has nothing to fill {rule.rule}")
        else:
            visits.append(Visit(rule.endpoint, address, role))
    return visits, left


def choose_people() -> dict[str, int]:
    """Choose one person per role: the demo's own accounts first, else whoever holds the role."""
    with db.read() as session:
        community_id = session.scalar(select(Community.id).where(Community.slug == SLUG))
        assert community_id is not None
        chosen = {
            role.value: held[0]
            for role in Role
            if (held := identity.people_with_role(session, community_id, role))
        }
        # The first of a role counts, so the last may not overwrite it.
        for account in reversed(demo.accounts(session)):
            number = account.sign_in.replace(" ", "")
            person_id = session.scalar(
                select(Phone.person_id).where(Phone.number == number).order_by(Phone.person_id)
            )
            if person_id is not None:
                chosen[account.role] = person_id
        for name, found in PEOPLE.items():
            person_id = session.scalar(text(found), {"community": community_id})
            if person_id is not None:
                chosen[name] = person_id
        residents = identity.member_ids(session, community_id)
        chosen.setdefault(Role.RESIDENT.value, min(residents, default=0))
    return chosen


def make_people() -> None:
    """Let a community without anybody have one person per role."""
    with db.read() as session:
        community_id = session.scalar(select(Community.id).where(Community.slug == SLUG))
        assert community_id is not None
        if identity.member_ids(session, community_id):
            return
    home = builders.make_household(community_id)
    builders.make_person(community_id, household_id=home)
    for place, role in enumerate(Role):
        builders.make_person(community_id, f"赵{'一二三四五六七八九'[place]}", roles=(role,))


def sign_in(app: Flask, person_id: int) -> str:
    """Begin a session and give its cookie."""
    builders.agree(person_id)

    def begin(session: Session, actor: Actor) -> str:
        return begin_session(session, person_id, SignInWay.TESTS, "").token

    token = db.write(begin, Actor.system(0))
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie: str = signer.dumps({"_user_id": token, "_fresh": True})
    return cookie


def _reader(app: Flask, rule: Rule, known: set[str]) -> str | None:
    if rule.endpoint in ROLES:
        return ROLES[rule.endpoint]
    asked = access_of(app, rule.endpoint)
    if asked == PUBLIC:
        return None
    if asked == SIGNED_IN:
        return Role.RESIDENT.value
    if str(asked) in ACTS:
        return ACTS[str(asked)]
    roles = assembly.permission_table().by_code[str(asked)].roles
    order = [Role.RESIDENT, Role.STAFF, *Role]
    return next((role.value for role in order if role in roles and role.value in known), "nobody")


def make_database(folder: Path) -> str:
    """Make an empty database in place of what was there."""
    for file in folder.glob("screens.db*"):
        file.unlink()
    url = f"sqlite:///{folder}/screens.db"
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()
    return url


@contextmanager
def serve_demo() -> Iterator[tuple[Flask, str]]:
    """Serve an empty installation from a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        url = make_database(Path(folder))
        app = assembly.create_app(
            {
                "TESTING": True,
                "INSTANCE": Path(folder),
                "DATABASE_URL": url,
                "SECRET_KEY": "screenshots-only-secret-key-of-enough-length",
                "RATELIMIT_ENABLED": False,
            }
        )
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        with serve(app) as address, app.app_context():
            yield app, address
        app.extensions["community_database"].close()


def open_context(
    app: Flask, browser: Browser, base: str, mode: Mode, role: str | None
) -> BrowserContext:
    """Open a browser of one mode, signed in as the demo account of a role."""
    context = browser.new_context(
        base_url=base,
        viewport={"width": mode.width, "height": mode.height},
        service_workers="block",
        locale="zh-CN",
    )
    context.add_cookies(
        [{"name": name, "value": value, "url": base} for name, value in mode.cookies]
    )
    if role is not None:
        cookie = sign_in(app, choose_people()[role])
        context.add_cookies(
            [{"name": app.config["SESSION_COOKIE_NAME"], "value": cookie, "url": base}]
        )
    return context


def read_typed() -> list[str]:
    """List all Chinese that people typed, the longest first: it is the same in every language."""
    typed: set[str] = set()
    with db.read() as session:
        for table in Base.metadata.sorted_tables:
            for column in table.c:
                if isinstance(column.type, String) and not isinstance(column.type, Enum):
                    typed.update(
                        value for value in session.scalars(select(column).distinct()) if value
                    )
    return sorted((each for each in typed if CHINESE.search(each)), key=len, reverse=True)


def photograph(
    context: BrowserContext, mode: Mode, visit: Visit, typed: Sequence[str]
) -> list[str]:
    """Photograph one page and list what is wrong with it."""
    page = context.new_page()
    try:
        problems = _visit(page, mode, visit, typed)
    except DriverError as failure:
        # One page that breaks must not keep the others from being looked at.
        problems = [f"fails: {failure.message.splitlines()[0]}"]
    page.close()
    return [f"{mode.name} {visit.endpoint} {visit.address}: {problem}" for problem in problems]


def _visit(page: Page, mode: Mode, visit: Visit, typed: Sequence[str]) -> list[str]:
    problems = []
    if visit.errand is not None:
        visit.errand(page)
        problems += look(page, mode, visit.endpoint, typed)
    else:
        answer = page.goto(visit.address)
        assert answer is not None
        if "text/html" not in (answer.headers.get("content-type") or ""):
            problems.append("is no page")
        else:
            problems += look(page, mode, visit.endpoint, typed)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            problems.append(f"answers {answer.status}")
    here = urlsplit(page.url).path
    if here != urlsplit(visit.address).path:
        problems.append(f"leads to {here} instead")
    return problems


def look(page: Page, mode: Mode, name: str, typed: Sequence[str]) -> list[str]:
    """Photograph the open page and list what is wrong with it."""
    page.screenshot(path=OUT / mode.name / f"{name}.png", full_page=True)
    return [*look_at(page, mode), *listen_to(page, typed)]


def photograph_wizard(app: Flask, browser: Browser, base: str, modes: Sequence[Mode]) -> list[str]:
    """Photograph the first start's wizard, from its token to the staff's slips."""
    instance = Path(app.config["INSTANCE"])
    clerk = open_context(app, browser, base, DESKTOP, None).new_page()
    pages = {mode: open_context(app, browser, base, mode, None).new_page() for mode in modes}
    problems: list[str] = []

    def show(mode: Mode, name: str, address: str, typed: Sequence[str] = ()) -> None:
        answer = pages[mode].goto(address)
        told = look(pages[mode], mode, name, typed)
        if answer is None or answer.status >= HTTPStatus.BAD_REQUEST:
            told.append("is not reached")
        if urlsplit(pages[mode].url).path != address:
            told.append(f"leads to {pages[mode].url} instead")
        problems.extend(f"{mode.name} {name} {address}: {each}" for each in told)

    for mode in modes:
        show(mode, "identity.wizard", "/setup")
    errands.answer_wizard(clerk, instance)
    typed = errands.typed_words()
    for mode, page in pages.items():
        errands.enter_wizard(page, instance)
        for name, address in errands.wizard_pages():
            show(mode, name, address, typed)
    errands.found_community(clerk)
    for mode, page in pages.items():
        show(mode, "identity.setup_done", "/setup/done", typed)
        page.context.close()
    clerk.context.close()
    return problems


def main() -> int:
    """Photograph all pages, or those whose endpoint matches a pattern; tell what is wrong."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--only", default="", help="a pattern of endpoints")
    words.add_argument("--mode", default="", help="phone, elder, desktop or english")
    chosen = words.parse_args()
    modes = [mode for mode in MODES if chosen.mode in ("", mode.name)]
    for mode in modes:
        if not chosen.only:
            shutil.rmtree(OUT / mode.name, ignore_errors=True)
        (OUT / mode.name).mkdir(parents=True, exist_ok=True)
    with serve_demo() as (app, base), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        problems: list[str] = []
        if re.search(chosen.only, "identity.wizard identity.setup"):
            problems += photograph_wizard(app, browser, base, modes)
        app.extensions["community_database"].close()
        make_database(Path(app.config["INSTANCE"]))
        demo.load()
        make_people()
        rehearse(SLUG)
        problems += photograph_demo(app, browser, base, modes, chosen.only)
        browser.close()
    sys.stdout.write("\n".join([*problems, f"{len(problems)} problems", ""]))
    return 1 if problems else 0


def photograph_demo(
    app: Flask, browser: Browser, base: str, modes: Sequence[Mode], only: str
) -> list[str]:
    """Photograph the demo community's pages, and list those that could not be reached."""
    visits, left = plan(app)
    typed = read_typed()
    visits = [visit for visit in visits if re.search(only, visit.endpoint)]
    problems = [each for each in left if re.search(only, each)]
    for mode in modes:
        for role in sorted({visit.role or "" for visit in visits}):
            context = open_context(app, browser, base, mode, role or None)
            for visit in (each for each in visits if (each.role or "") == role):
                problems += photograph(context, mode, visit, typed)
            context.close()
        sys.stdout.write(f"{mode.name}: {len(visits)} pages\n")
    return problems


if __name__ == "__main__":
    sys.exit(main())
