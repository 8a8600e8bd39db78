"""Which addresses show a page, and which answer with a file, with JSON or by leading on."""

from __future__ import annotations

import re

from werkzeug.routing import Rule

# Answers that are no pages: files, JSON for scripts, and what only leads on.
NO_PAGES = re.compile(r"^(api-docs\..*|.*_api\..*|static|.*\.static|install\..*|monitoring\..*)$")
# Pages that lead on to others, which are photographed themselves.
LEADS_ON = {
    "identity.communities",
    "trust_property.public_funds",
    "volunteering_world.open_rotating_code",
}
FILES = (
    *(".json", ".jsonl", ".pdf", ".xlsx", ".csv", ".txt", ".pb", ".pyz", ".beancount"),
    *("/photo", "/evidence", "/paper", "/export", "/file", "/files/<int:file_id>", "/pack"),
)
FILE_PAGES = {
    "deliberation.decision_photo",
    "deliberation.door_list",
    "deliberation.entry_file",
    "deliberation.meeting_screen_code",
    "deliberation.motion_live",
    "deliberation.paper_sheet",
    "deliberation.poll_sheet",
    "deliberation.signed_minutes",
    "deliberation.similar_topics",
    "deliberation.topic_photo",
    "identity.fetch_backup",
    "micro_projects.bid_envelope",
    "micro_projects.bid_receipt",
    "micro_projects.open_data_codelist",
    "micro_projects.open_data_extension",
    "micro_projects.open_data_feed",
    "micro_projects.open_data_record",
    "micro_projects.open_data_records",
    "micro_projects.open_data_release",
    "micro_projects.open_data_releases",
    "micro_projects.project_paper",
    "micro_projects.project_photo",
    "micro_projects.similar_projects",
    "micro_projects.survey_sheet",
    "micro_projects.tender_document",
    "sealing.page",
    "sealing.sealed",
    "transparency.checkpoint",
    "transparency.key_list",
    "transparency.older_checkpoint",
    "transparency.pack_file",
    "transparency.receipt",
    "transparency.tile",
    "trust_property.answer_paper",
    "trust_property.paper",
    "trust_property.paper_twin",
    "trust_property.public_twin",
    "trust_property.statement_file",
    "verifying.verifier",
    "volunteering.filled_street_form",
    "volunteering.screen_code",
}


def is_page(rule: Rule) -> bool:
    """Tell whether a rule shows a page; the wizard's are photographed before the demo."""
    name = rule.endpoint
    if "GET" not in (rule.methods or ()) or NO_PAGES.match(name) or rule.rule.endswith(FILES):
        return False
    # Codes in capitals are the same page: QR codes hold fewer dots that way.
    if rule.rule.startswith(("/Q/", "/setup")):
        return False
    return name not in LEADS_ON | FILE_PAGES
