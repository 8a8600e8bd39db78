"""Pages of the screenshots that nobody reaches by an address alone: what is done before each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from community.identity.models import CodeKind, Invitation, OneTimeCode
from community.identity.queries.keys import derive_code
from community.identity.rules.setup import STEPS
from community.identity.rules.signing_in import LETTER_LENGTH, SLIP_LENGTH
from community.web.operations.first_run import spell_token

Errand = Callable[[Page], None]
# Any code will do: the page is the same for each, so that it gives nobody away.
ANY_CODE = "AAAAAAAAAAAAAAAAAAAAAAAAAA"
NUMBER = "14000000000"
ANSWERS: tuple[dict[str, str], ...] = (
    {"name": "桂花里社区", "slug": "guihuali"},
    {"lines": "1–2 号楼, 2 单元, 6 层, 2 户"},
    {},
    {"lines": "林秋月 1980\n何志强 1975"},
    {},
    {},
)


def addresses_with_codes(session: Session) -> dict[str, str]:
    """Give the addresses whose code is printed on paper and kept nowhere in plain."""
    letter = session.scalars(select(Invitation).order_by(Invitation.id.desc())).first()
    slip = session.scalars(
        select(OneTimeCode).where(OneTimeCode.kind == CodeKind.DESK_SLIP)
    ).first()
    found = {"volunteering_world.open_personal_code": f"/q/p/{ANY_CODE}"}
    if letter is not None:
        code = derive_code("letter", letter.nonce, LETTER_LENGTH)
        found["identity.open_letter"] = f"/l/{code}"
    if slip is not None:
        found["identity.open_slip"] = f"/s/{derive_code('slip', slip.nonce, SLIP_LENGTH)}"
    return found


def errands(codes: dict[str, str]) -> dict[str, tuple[str, Errand]]:
    """Give for each page its address and what a visitor does before it opens."""
    letter = codes.get("identity.open_letter", "/l/missing")

    def ask_for_code(page: Page) -> None:
        page.goto("/sign-in")
        page.locator("[name=number]").fill(NUMBER)
        _submit(page)

    def show_letter(page: Page) -> None:
        page.goto(letter)
        _submit(page)

    def say_newcomer(page: Page) -> None:
        show_letter(page)
        page.goto("/sign-in/newcomer")

    return {
        "identity.type_code": ("/sign-in/code", ask_for_code),
        "identity.who": ("/sign-in/who", show_letter),
        "identity.newcomer": ("/sign-in/newcomer", say_newcomer),
    }


def typed_words() -> list[str]:
    """List what the clerk types into the wizard: it is the same in every language."""
    words = [word for answers in ANSWERS for word in answers.values()]
    return sorted([part for each in words for part in [each, *each.split()]], key=len, reverse=True)


def wizard_pages() -> tuple[tuple[str, str], ...]:
    """List the wizard's pages behind its token: name and address."""
    steps = tuple((f"identity.setup_step.{step}", f"/setup/{step}") for step in STEPS)
    return (*steps, ("identity.setup_finish", "/setup/finish"))


def enter_wizard(page: Page, instance: Path) -> None:
    """Type the token from the server's screen."""
    page.goto("/setup")
    page.locator("[name=token]").fill(spell_token(instance))
    _submit(page)


def answer_wizard(page: Page, instance: Path) -> None:
    """Answer every step, up to the page that founds the community."""
    enter_wizard(page, instance)
    for answers in ANSWERS:
        for name, words in answers.items():
            page.locator(f"[name={name}]").fill(words)
        choice = page.locator("main form input[type=radio]")
        if choice.count():
            choice.first.check()
        for tick in page.locator("main form input[type=checkbox]").all():
            tick.check()
        _submit(page)


def found_community(page: Page) -> None:
    """Press the last button."""
    page.goto("/setup/finish")
    _submit(page)
    page.wait_for_url("**/setup/done")


def _submit(page: Page) -> None:
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
