"""Fills the ids of an address from what the database holds: `<int:shift_id>` with a shift's id."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, Rule

from community.kernel.tables import Base, Community

# Where an argument's name is not its table's: (table, column), for one endpoint or for all.
TABLES: dict[str, tuple[str, str]] = {
    "volunteering.service_record record_id": ("service_record", "id"),
    "volunteering.hours_record record_id": ("hours_record", "id"),
    "volunteering.my_record record_id": ("hours_record", "id"),
    "trust_property.desk_question question_id": ("trust_question", "id"),
    "trust_property.public_question question_id": ("trust_question", "id"),
    "deliberation.paper code": ("ballot_paper", "code"),
    "volunteering.desk_record record_id": ("service_record", "id"),
    "volunteering.revoke_record record_id": ("service_record", "id"),
    "volunteering.seal_record record_id": ("service_record", "id"),
    "volunteering_api.post_revoke_record record_id": ("service_record", "id"),
    "volunteering_api.post_seal_record record_id": ("service_record", "id"),
    "volunteering_world.verify_record number": ("service_record", "number"),
    "identity.card person_id": ("card", "person_id"),
    "identity.scanned_card code": ("card", "code"),
    "box_id": ("sealing_box", "id"),
    "envelope_id": ("sealing_envelope", "id"),
    "kind_id": ("honour_kind", "id"),
    "sheet_id": ("settlement_sheet", "id"),
    "slip_id": ("one_time_code", "id"),
    "rewards_landing.scanned code": ("redemption", "code"),
    "volunteering.sheet sheet_id": ("paper_sheet", "id"),
    "holder_id": ("trust_key_holder", "id"),
    "line_id": ("trust_bank_line", "id"),
    "match_id": ("trust_bank_match", "id"),
    "run_id": ("trust_bill_run", "id"),
    "record_id": ("transparency_record", "id"),
    "transaction_id": ("ledger_transaction", "id"),
    "vote_id": ("trust_budget_vote", "id"),
    "call_id": ("venture_call", "id"),
    "application_id": ("venture_application", "id"),
    "identity.approve_application application_id": ("joining_application", "id"),
    "identity.reject_application application_id": ("joining_application", "id"),
    "identity_api.post_approve_application application_id": ("joining_application", "id"),
    "identity_api.post_reject_application application_id": ("joining_application", "id"),
    "micro_projects.decide_match match_id": ("venture_match", "id"),
    "micro_projects.match_paper match_id": ("venture_match", "id"),
    "micro_projects_api.post_decide_match match_id": ("venture_match", "id"),
    "release_id": ("ocds_release", "release_id"),
    "ocid": ("ocds_process", "ocid"),
}
# Two arguments of one address that only fit together: filled from one row.
PAIRS = {"volunteering.times": ("sign_up", ("shift_id", "person_id"))}
# Rows that only a join finds; what is no argument of the address becomes its query.
ROWS = {
    "trust_property.public_entry": (
        "SELECT max(id) AS transaction_id FROM ledger_transaction"
        " WHERE community_id = :community AND purpose = 'trust.payment'"
    ),
    "trust_property.public_day": (
        "SELECT account_id, date(substr(day, 1, 4) || '-' || substr(day, 5, 2) || '-'"
        " || substr(day, 7)) AS 'on', purpose FROM trust_day_total"
        " WHERE community_id = :community AND purpose = 'trust.receipt' AND entries > 1"
        " ORDER BY day DESC LIMIT 1"
    ),
    "trust_property.counter": (
        "SELECT min(unit_id) AS unit FROM trust_bill"
        " WHERE community_id = :community AND paid_fen < amount_fen"
    ),
    "trust_property.desk_bank_account": (
        "SELECT bank_account_id FROM trust_bank_line"
        " WHERE community_id = :community AND match_id IS NULL"
    ),
    "trust_property.desk_bank_line": (
        "SELECT id AS line_id FROM trust_bank_line"
        " WHERE community_id = :community AND match_id IS NULL"
    ),
    "trust_property.my_receipt": (
        "SELECT max(receipt_id) AS receipt_id FROM trust_receipt_part AS part"
        " JOIN ownership ON ownership.unit_id = part.unit_id"
        " WHERE part.community_id = :community AND person_id = :person"
    ),
    "deliberation.appeal_form": (
        "SELECT topic_id, id AS moderation_id FROM moderation"
        " WHERE community_id = :community AND kind = 'hide'"
    ),
    "deliberation.ballot_receipt": (
        "SELECT ballot.poll_id, roll_entry_id FROM ballot"
        " JOIN roll_entry ON roll_entry.id = roll_entry_id"
        " WHERE ballot.community_id = :community AND voter_id = :person"
        " ORDER BY ballot.id DESC LIMIT 1"
    ),
    "deliberation.own_delivery": (
        "SELECT ballot_delivery.poll_id, roll_entry_id FROM ballot_delivery"
        " JOIN roll_entry ON roll_entry.id = roll_entry_id"
        " WHERE ballot_delivery.community_id = :community AND voter_id = :person"
        " ORDER BY ballot_delivery.id DESC LIMIT 1"
    ),
    "deliberation.bylaw_version": "SELECT bylaw_id, number FROM bylaw_version ORDER BY id DESC",
    "deliberation.deliveries": "SELECT max(poll_id) AS poll_id FROM ballot_paper",
    "deliberation.papers": "SELECT max(poll_id) AS poll_id FROM ballot_paper",
    "deliberation.paper_sheet": "SELECT max(poll_id) AS poll_id FROM ballot_paper",
    "micro_projects.closing_pack": "SELECT max(project_id) AS project_id FROM survey",
    "micro_projects.survey_sheet": "SELECT max(project_id) AS project_id FROM survey",
    "micro_projects.low_price": "SELECT max(bid_id) AS bid_id FROM low_price_query",
    "micro_projects.new_tender": (
        "SELECT min(id) AS project FROM project"
        " WHERE community_id = :community AND state = 'notice'"
    ),
    "micro_projects.survey": "SELECT max(project_id) AS project_id FROM survey",
    "volunteering.time_service": (
        "SELECT max(need_acceptance.id) AS acceptance_id FROM need_acceptance"
        " JOIN need ON need.id = need_id"
        " WHERE need.community_id = :community AND :person IN (giver_id, receiver_id)"
    ),
}
# Of which rows a page speaks, where it does not speak of all.
ONLY = {
    "rewards.collected redemption_id": ("state", "collected"),
    "trust_property.desk_explain match_id": ("kind", "unidentified"),
    "deliberation.meeting meeting_id": ("state", "open"),
    "deliberation.meeting_door meeting_id": ("state", "open"),
    "deliberation.meeting_minutes meeting_id": ("state", "closed"),
    "deliberation.meeting_screen meeting_id": ("state", "open"),
    "deliberation.motion motion_id": ("state", "seconded"),
    "deliberation.run_meeting meeting_id": ("state", "open"),
    "micro_projects.application application_id": ("state", "chosen"),
    "micro_projects.edit_application application_id": ("state", "submitted"),
    "micro_projects.call_results call_id": ("state", "chosen"),
    "micro_projects.delivery project_id": ("state", "delivering"),
    "micro_projects.project project_id": ("state", "delivering"),
    "micro_projects.bid_form tender_id": ("state", "enquiry"),
    "micro_projects.tender tender_id": ("state", "enquiry"),
    "micro_projects.tender_opening tender_id": ("state", "evaluating"),
    "deliberation.check_draft topic_id": ("state", "draft"),
    "deliberation.edit_draft topic_id": ("state", "draft"),
    "deliberation.poll_result poll_id": ("state", "decided"),
    "deliberation.poll_ballots poll_id": ("state", "decided"),
    "deliberation.recount_file poll_id": ("state", "decided"),
}
WORDS = {
    "notices.print_notice size": "a4",
    "identity.preview_change act": "died",
    "volunteering.exchange_layout platform": "zhiyuanhui",
}
# Whose a row is: a reader's own pages are filled with the reader's own rows first.
OWNERS = ("person_id", "giver_id", "receiver_id")


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom an address is filled."""

    slug: str
    person_id: int | None


def find_addresses(session: Session, rule: Rule, reader: Reader) -> str | None:
    """Fill a rule's arguments with the newest rows of one community; None when one is missing."""
    community_id = session.scalar(select(Community.id).where(Community.slug == reader.slug))
    assert community_id is not None
    values: dict[str, object] = {"community": reader.slug} if "community" in rule.arguments else {}
    for argument in rule.arguments:
        if (word := WORDS.get(f"{rule.endpoint} {argument}")) is not None:
            values[argument] = word
        elif isinstance(choices := rule._converters[argument], AnyConverter):
            # One of a few words: any of them shows the page.
            values[argument] = min(choices.items)
    if rule.endpoint in PAIRS:
        values |= _newest_row(session, *PAIRS[rule.endpoint], community_id)
    if rule.endpoint in ROWS:
        asked = {"community": community_id, "person": reader.person_id}
        row = session.execute(text(ROWS[rule.endpoint]), asked).mappings().first()
        values |= {} if row is None else {k: each for k, each in row.items() if each is not None}
    for name in sorted(rule.arguments - set(values)):
        found = _newest(session, rule.endpoint, name, community_id, reader.person_id)
        if found is None:
            return None
        values[name] = found
    built = rule.build(values, append_unknown=True)
    return None if built is None else built[1]


def _newest_row(
    session: Session, name: str, columns: tuple[str, ...], community_id: int
) -> dict[str, object]:
    table = Base.metadata.tables[name]
    chosen = select(*(table.c[column] for column in columns))
    row = session.execute(
        chosen.where(table.c.community_id == community_id).order_by(table.c.id.desc())
    ).first()
    return {} if row is None else dict(zip(columns, row, strict=True))


def _newest(
    session: Session, endpoint: str, argument: str, community_id: int, person_id: int | None
) -> object:
    named = f"{endpoint} {argument}"
    if argument == "person_id" and named not in TABLES:
        return person_id
    usual = (argument.removesuffix("_id"), "id")
    name, column = TABLES.get(named, TABLES.get(argument, usual))
    table = _find_table(name)
    if table is None or column not in table.c:
        return None
    chosen = select(func.max(table.c[column]))
    if "community_id" in table.c:
        chosen = chosen.where(table.c.community_id == community_id)
    if named in ONLY:
        condition, value = ONLY[named]
        return session.scalar(chosen.where(table.c[condition] == value))
    for owner in OWNERS:
        if owner in table.c and person_id is not None:
            own = session.scalar(chosen.where(table.c[owner] == person_id))
            if own is not None:
                return own
    return session.scalar(chosen)


def _find_table(name: str) -> Table | None:
    tables = Base.metadata.tables
    if name in tables:
        return tables[name]
    return next((table for key, table in sorted(tables.items()) if key.endswith(f"_{name}")), None)
