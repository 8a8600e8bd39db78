"""Which fields and codes of OCDS 1.1.5 our releases use, each checked in a test with the schema.

A shape is a field's own fields; `{}` is a plain value. Nothing outside these shapes is published.
"""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]

VERSION = "1.1"
PLAIN: Shape = {}
VALUE: Shape = {"amount": PLAIN, "currency": PLAIN}
PERIOD: Shape = {"startDate": PLAIN, "endDate": PLAIN}
REFERENCE: Shape = {"id": PLAIN, "name": PLAIN}
IDENTIFIER: Shape = {"scheme": PLAIN, "id": PLAIN, "legalName": PLAIN}
DOCUMENT: Shape = {
    "id": PLAIN,
    "documentType": PLAIN,
    "title": PLAIN,
    "description": PLAIN,
    "url": PLAIN,
    "datePublished": PLAIN,
    "language": PLAIN,
    "sha256": PLAIN,
}
AMENDMENT: Shape = {"id": PLAIN, "date": PLAIN, "rationale": PLAIN, "description": PLAIN}
PARTY: Shape = {"id": PLAIN, "name": PLAIN, "identifier": IDENTIFIER, "roles": PLAIN}
PLANNING: Shape = {
    "rationale": PLAIN,
    "budget": {
        "id": PLAIN,
        "description": PLAIN,
        "amount": VALUE,
        "project": PLAIN,
        "projectID": PLAIN,
    },
}
LOT: Shape = {
    "id": PLAIN,
    "title": PLAIN,
    "awardCriteria": {
        "criteria": {
            "type": PLAIN,
            "name": PLAIN,
            "numbers": {"number": PLAIN, "weight": PLAIN},
        }
    },
}
ENQUIRY: Shape = {
    "id": PLAIN,
    "date": PLAIN,
    "description": PLAIN,
    "answer": PLAIN,
    "dateAnswered": PLAIN,
}
COMPLAINT: Shape = {
    "id": PLAIN,
    "type": PLAIN,
    "status": PLAIN,
    "date": PLAIN,
    "description": PLAIN,
    "dueDate": PLAIN,
    "answer": PLAIN,
    "dateAnswered": PLAIN,
}
TENDER: Shape = {
    "id": PLAIN,
    "title": PLAIN,
    "status": PLAIN,
    "procuringEntity": REFERENCE,
    "value": VALUE,
    "procurementMethod": PLAIN,
    "procurementMethodDetails": PLAIN,
    "procurementMethodRationale": PLAIN,
    "mainProcurementCategory": PLAIN,
    "awardCriteria": PLAIN,
    "submissionMethod": PLAIN,
    "tenderPeriod": PERIOD,
    "enquiryPeriod": PERIOD,
    "hasEnquiries": PLAIN,
    "eligibilityCriteria": PLAIN,
    "numberOfTenderers": PLAIN,
    "tenderers": REFERENCE,
    "bidOpening": {"date": PLAIN},
    "lots": LOT,
    "documents": DOCUMENT,
    "enquiries": ENQUIRY,
    "amendments": AMENDMENT,
    "complaints": COMPLAINT,
}
SCORE: Shape = {
    "id": PLAIN,
    "criterion": PLAIN,
    "points": PLAIN,
    "maximum": PLAIN,
    "member": PLAIN,
}
BID: Shape = {
    "id": PLAIN,
    "date": PLAIN,
    "status": PLAIN,
    "tenderers": REFERENCE,
    "value": VALUE,
    "documents": DOCUMENT,
    "reason": PLAIN,
    "rank": PLAIN,
    "scores": SCORE,
}
AWARD: Shape = {
    "id": PLAIN,
    "title": PLAIN,
    "description": PLAIN,
    "status": PLAIN,
    "date": PLAIN,
    "value": VALUE,
    "suppliers": REFERENCE,
    "relatedBid": PLAIN,
    "complaints": COMPLAINT,
}
MILESTONE: Shape = {
    "id": PLAIN,
    "title": PLAIN,
    "type": PLAIN,
    "description": PLAIN,
    "status": PLAIN,
    "dueDate": PLAIN,
    "dateMet": PLAIN,
    "value": VALUE,
}
TRANSACTION: Shape = {
    "id": PLAIN,
    "date": PLAIN,
    "value": VALUE,
    "payer": REFERENCE,
    "payee": REFERENCE,
    "relatedImplementationMilestone": {"id": PLAIN},
}
RELATED: Shape = {
    "id": PLAIN,
    "relationship": PLAIN,
    "title": PLAIN,
    "scheme": PLAIN,
    "identifier": PLAIN,
}
CONTRACT: Shape = {
    "id": PLAIN,
    "awardID": PLAIN,
    "title": PLAIN,
    "status": PLAIN,
    "period": PERIOD,
    "value": VALUE,
    "dateSigned": PLAIN,
    "documents": DOCUMENT,
    "amendments": AMENDMENT,
    "relatedProcesses": RELATED,
    "implementation": {
        "milestones": MILESTONE,
        "transactions": TRANSACTION,
        "endDate": PLAIN,
        "endDateDetails": PLAIN,
        "finalValue": VALUE,
    },
}
RELEASE: Shape = {
    "ocid": PLAIN,
    "id": PLAIN,
    "date": PLAIN,
    "tag": PLAIN,
    "initiationType": PLAIN,
    "language": PLAIN,
    "title": PLAIN,
    "buyer": REFERENCE,
    "parties": PARTY,
    "planning": PLANNING,
    "tender": TENDER,
    "bids": {
        "statistics": {"id": PLAIN, "measure": PLAIN, "value": PLAIN},
        "details": BID,
    },
    "awards": AWARD,
    "contracts": CONTRACT,
    "relatedProcesses": RELATED,
}

# Closed lists: the standard's, narrowed where our rules are narrower, and our extension's own.
CODES: dict[str, frozenset[str]] = {
    "initiationType": frozenset({"tender"}),
    "parties.roles": frozenset(
        {"buyer", "procuringEntity", "tenderer", "supplier", "payer", "payee"}
    ),
    "tender.status": frozenset(
        {
            "planning",
            "planned",
            "active",
            "cancelled",
            "unsuccessful",
            "complete",
            "withdrawn",
        }
    ),
    "tender.procurementMethod": frozenset({"open", "selective", "limited", "direct"}),
    "tender.mainProcurementCategory": frozenset({"goods", "works", "services"}),
    "tender.lots.awardCriteria.criteria.numbers.weight": frozenset({"percentageExact"}),
    "bids.details.status": frozenset({"invited", "pending", "valid", "disqualified", "withdrawn"}),
    "bids.details.scores.criterion": frozenset({"technical", "business", "price", "total"}),
    "awards.status": frozenset({"pending", "active", "cancelled", "unsuccessful"}),
    "tender.complaints.type": frozenset({"objection", "complaint"}),
    "tender.complaints.status": frozenset({"received", "upheld", "rejected", "withdrawn"}),
    "awards.complaints.type": frozenset({"objection", "complaint"}),
    "awards.complaints.status": frozenset({"received", "upheld", "rejected", "withdrawn"}),
    "contracts.status": frozenset({"pending", "active", "cancelled", "terminated"}),
    "contracts.implementation.milestones.status": frozenset(
        {"scheduled", "met", "notMet", "partiallyMet"}
    ),
}
TAGS = frozenset(
    {
        "planning",
        "planningUpdate",
        "tender",
        "tenderAmendment",
        "tenderUpdate",
        "tenderCancellation",
        "award",
        "awardUpdate",
        "awardCancellation",
        "contract",
        "contractUpdate",
        "contractAmendment",
        "implementation",
        "implementationUpdate",
        "contractTermination",
        "compiled",
    }
)
_REGISTER = "https://raw.githubusercontent.com/open-contracting-extensions"
# The published extensions whose fields stand in the shapes above.
EXTENSIONS = tuple(
    f"{_REGISTER}/{name}/extension.json"
    for name in (
        "ocds_bid_extension/v1.1.5",
        "ocds_enquiry_extension/v1.1.5",
        "ocds_lots_extension/v1.1.5",
        "ocds_awardCriteria_extension/master",
        "ocds_bidOpening_extension/master",
        "ocds_contract_completion_extension/master",
        "ocds_transactions_relatedMilestone_extension/master",
    )
)
