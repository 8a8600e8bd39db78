"""Our local extension: scores, complaints, instalments and fingerprints, which OCDS lacks.

A package names it among its `extensions`; the site serves the files, an export carries them.
"""

from __future__ import annotations

from typing import Any

from community.micro_projects.open_contracting.canonical import Json, write_readable
from community.micro_projects.open_contracting.profile import CODES

FOLDER = "extension"
# Told anew each time: what is no longer in the list no longer counts, and null leaves none.
WHOLE: Json = {"type": ["array", "null"], "wholeListMerge": True}
SCORE_CODES = "scoreCriterion.csv"
KIND_CODES = "complaintType.csv"
STATUS_CODES = "complaintStatus.csv"

_TITLES = {
    "technical": ("技术分", "How well the work would be done"),
    "business": ("商务分", "How fit the organization is"),
    "price": ("价格分", "The lowest valid price divided by this one, times the weight"),
    "total": ("总分", "The sum by which bids are ranked"),
    "objection": ("异议", "Put to the buyer within the standstill"),
    "complaint": ("投诉", "Put to the street office after an objection"),
    "received": ("已收到", "Waiting for its answer"),
    "upheld": ("成立", "The award does not stand"),
    "rejected": ("不成立", "The award stands"),
    "withdrawn": ("已撤回", "Taken back by whoever sent it"),
}


def files() -> dict[str, bytes]:
    """Give every file of the extension by its name."""
    lists = {
        SCORE_CODES: CODES["bids.details.scores.criterion"],
        KIND_CODES: CODES["awards.complaints.type"],
        STATUS_CODES: CODES["awards.complaints.status"],
    }
    return {
        "extension.json": write_readable(_description(sorted(lists))),
        "release-schema.json": write_readable(schema_patch()),
        **{f"codelists/{name}": _list_codes(codes) for name, codes in lists.items()},
    }


def schema_patch() -> Json:
    """Give what the extension adds to the release schema, as a JSON merge patch."""
    fields = {
        "Tender": _complaints("tender"),
        "Bid": _bid(),
        "Award": _complaints("award"),
        "Milestone": _milestone(),
        "Document": _document(),
    }
    added = {name: {"properties": each} for name, each in fields.items()}
    return {"definitions": added | {"Score": _score(), "Complaint": _complaint()}}


def _bid() -> Json:
    return {
        "reason": _text("Reason", "Why the bid was disqualified or withdrawn."),
        "rank": _field("Rank", "The place by total, from 1.", ["integer", "null"], minimum=1),
        "scores": _list("Scores", "What the bid was given.", "Score") | WHOLE,
    }


def _complaints(against: str) -> Json:
    words = f"Objections and complaints against the {against}."
    return {"complaints": _list("Complaints", words, "Complaint")}


def _milestone() -> Json:
    words = "The instalment due when the milestone is met."
    return {"value": {"title": "Value", "description": words, "$ref": "#/definitions/Value"}}


def _document() -> Json:
    words = "The fingerprint of the file."
    return {"sha256": _text("SHA-256", words, pattern="^[0-9a-f]{64}$")}


def _score() -> Json:
    number = ["number", "null"]
    return _definition(
        "Score",
        {
            "criterion": _coded("Criterion", SCORE_CODES, "bids.details.scores.criterion"),
            "points": _field("Points", "The points given.", number, minimum=0),
            "maximum": _field("Maximum", "The most points there were.", number, minimum=0),
            "member": _text("Member", "The seat of the panel that gave it, not its name."),
        },
    )


def _complaint() -> Json:
    return _definition(
        "Complaint",
        {
            "type": _coded("Type", KIND_CODES, "awards.complaints.type"),
            "status": _coded("Status", STATUS_CODES, "awards.complaints.status"),
            "date": _instant("Date", "When it was received."),
            "description": _text("Description", "What it says, without names."),
            "dueDate": _instant("Due date", "By when it is to be answered."),
            "answer": _text("Answer", "What was decided and why."),
            "dateAnswered": _instant("Date answered", "When it was answered."),
        },
    )


def _description(codelists: list[str]) -> Json:
    return {
        "name": {"zh": "微实事：评分、异议、分期款", "en": "Micro-projects"},
        "description": {
            "zh": "投标的评分和名次、对中标的异议和投诉、里程碑的分期款、文件的指纹。",
            "en": "Scores and ranks of bids, objections and complaints against awards, "
            "instalments of milestones, fingerprints of documents.",
        },
        "compatibility": ["1.1"],
        "schemas": ["release-schema.json"],
        "codelists": codelists,
        "contactPoint": {"name": {"zh": "社区居民委员会", "en": "The community"}},
    }


def _list_codes(codes: frozenset[str]) -> bytes:
    rows = [f'{code},{_TITLES[code][0]},"{_TITLES[code][1]}"' for code in sorted(codes)]
    return "\r\n".join(["Code,Title,Description", *rows, ""]).encode()


def _definition(title: str, fields: Json) -> Json:
    own = {"id": _field("ID", "Unique in its list.", ["string", "integer"], minLength=1)}
    return {"title": title, "type": "object", "required": ["id"], "properties": own | fields}


def _field(title: str, words: str, kind: list[str], **more: Any) -> Json:
    return {"title": title, "description": words, "type": kind, **more}


def _text(title: str, words: str, **more: Any) -> Json:
    return _field(title, words, ["string", "null"], **more)


def _instant(title: str, words: str) -> Json:
    return _text(title, words, format="date-time")


def _coded(title: str, codelist: str, place: str) -> Json:
    codes = [*sorted(CODES[place]), None]
    return _text(title, "A code.", codelist=codelist, openCodelist=False, enum=codes)


def _list(title: str, words: str, of: str) -> Json:
    items = {"$ref": f"#/definitions/{of}"}
    return {
        "title": title,
        "description": words,
        "type": "array",
        "items": items,
        "uniqueItems": True,
    }
