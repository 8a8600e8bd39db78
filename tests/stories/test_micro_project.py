"""The whole way of a project: a tender at L2, a tie, an objection upheld, two payments, closed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser

from community.kernel import clock, db
from community.micro_projects import ProjectState, TenderState
from community.micro_projects.checks import problems
from tests.links import lost_links
from tests.micro_projects.ocds_scene import find_schemas
from tests.micro_projects.scene import free_money, give_money, state_of
from tests.micro_projects.tendering import BUDGET
from tests.stories import award_steps, delivery_steps
from tests.stories.conftest import open_phone
from tests.stories.tender_steps import (
    PRICES,
    Street,
    bid_sealed,
    make_street,
    open_envelopes,
    publish_tender,
    register_keys,
    see_opening,
)

AMOUNT = 8_800_000


def test_the_whole_way_of_a_project(
    app: Flask, site: str, browser: Browser, tmp_path: Path
) -> None:
    street = make_street(app, browser, site, tmp_path)
    give_money(street.scene, street.project_id, BUDGET)  # on pages in another story
    tender(street)
    with clock.fixed(street.deadline() + timedelta(hours=1)):
        winner = award(street)
    assert free_money(street.scene, street.project_id) == BUDGET - AMOUNT
    with clock.fixed(street.deadline() + timedelta(days=9)):
        deliver(street, winner)
    assert state_of(street.scene, street.project_id) is ProjectState.CLOSED
    assert free_money(street.scene, street.project_id) == BUDGET - AMOUNT
    with db.read() as session:
        assert problems(session) == []
    read_open_data(street)
    assert lost_links(app) == []


def tender(street: Street) -> None:
    """Let three firms bid sealed, and three of five openers and one firm open."""
    others = register_keys(street)
    publish_tender(street, others)
    found = street.view()
    assert found.opens_at is not None
    with clock.fixed(found.opens_at + timedelta(days=1)):
        for place, price in enumerate(PRICES):
            bid_sealed(street, place, price)
    with clock.fixed(street.deadline()):
        open_envelopes(street)
        see_opening(street)
    assert street.view().state is TenderState.EVALUATING


def award(street: Street) -> int:
    """Judge the bids; the winner falls by an objection, and the next bidder gets the work."""
    award_steps.review_bids(street)
    award_steps.fill_pool(street)
    award_steps.draw(street, "panel", "03 07 12 19 25 31 08")
    with clock.fixed(clock.now() + timedelta(hours=4)):
        award_steps.score(street)
        award_steps.draw(street, "tie", "01 05 09 14 22 30 11")
    with clock.fixed(clock.now() + timedelta(hours=8)):
        first = award_steps.first_by_lot(street)
        second = next(each for each in award_steps.RIVALS if each != first)
        fallen = award_steps.notice(street, first)
        award_steps.object_to(street, fallen, second)
    with clock.fixed(clock.now() + timedelta(days=1)):
        award_steps.uphold(street, fallen)
        standing = award_steps.notice(street, second)
    award_steps.finalize(street, standing)
    assert street.view().state is TenderState.AWARDED
    return second


def deliver(street: Street, winner: int) -> None:
    """Sign, deliver and pay twice, ask the residents, and close."""
    contract_id = delivery_steps.sign_contract(street, winner)
    for number in range(len(delivery_steps.MILESTONES)):
        with clock.fixed(clock.now() + timedelta(days=3 * number + 1)):
            delivery_steps.deliver(street, winner, contract_id, number)
            delivery_steps.pay(street, contract_id, number)
    with clock.fixed(clock.now() + timedelta(days=5)):
        delivery_steps.ask_residents(street)
    with clock.fixed(clock.now() + timedelta(days=9)):
        delivery_steps.close(street)
        page = open_phone(street.browser, street.site).new_page()
        delivery_steps.see_result(page, street.project_id, winner)


def read_open_data(street: Street) -> None:
    """Export what was published, and check it as anybody can: schemas where they are at hand."""
    folder, schemas = street.folder / "ocds", find_schemas()
    runner = street.app.test_cli_runner()
    done = runner.invoke(args=["projects", "export-ocds", str(folder)])
    assert done.exit_code == 0, done.output
    against = ["--schema", str(schemas)] if schemas else []
    done = runner.invoke(args=["projects", "check-ocds", str(folder), *against])
    assert done.exit_code == 0, done.output
    assert "1 个采购过程" in done.output
    records = street.app.test_client().get("/c/guihua/projects/open-data/records").get_json()
    (compiled,) = [each["compiledRelease"] for each in records["records"]]
    assert [each["status"] for each in compiled["awards"]] == ["cancelled", "active"]
    assert sorted(each["status"] for each in compiled["bids"]["details"]) == [
        "disqualified",
        "valid",
        "valid",
    ]
    (contract,) = compiled["contracts"]
    paid = [each["value"]["amount"] for each in contract["implementation"]["transactions"]]
    assert paid == [52800, 35200]
