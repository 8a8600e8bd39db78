"""Writing the facts of a process in the words of OCDS 1.1.5; nothing unknown is written at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from community.micro_projects.open_contracting import facts
from community.micro_projects.open_contracting.canonical import Json, clean_text, yuan
from community.micro_projects.open_contracting.changes import changed_parts, tags_of

CURRENCY = "CNY"
LANGUAGE = "zh"
# The register of unified social credit codes has no code in org-id.guide; this one is declared
# with our extension and built as the guide says: country, then a short name.
CREDIT_CODES = "CN-USCC"
SHANGHAI = ZoneInfo("Asia/Shanghai")
HUNDREDTH = yuan(1)


def write_release(ocid: str, number: int, at: datetime, before: Json, now: Json) -> Json | None:
    """Write the next release of a process, or None when it would say nothing new.

    `before` is the compiled release so far ({} at first), `now` what `write_process` gives.
    """
    parts = changed_parts(before, now)
    if not parts:
        return None
    stamp = {"ocid": ocid, "id": f"{ocid}-{number:04d}", "date": instant(at)}
    return stamp | parts | {"tag": tags_of(before, parts)}


def write_process(process: facts.Process) -> Json:
    """Write everything that is public about a process now."""
    written: Json = {
        "initiationType": "tender",
        "language": LANGUAGE,
        "title": clean_text(process.plan.title),
        "buyer": reference(process.buyer),
        "planning": write_plan(process.plan),
        "tender": write_tender(process),
        "parties": write_parties(process),
    }
    if process.bids:
        details = [write_bid(each) for each in process.bids]
        valid = sum(each.status == "valid" for each in process.bids)
        statistics = [
            {"id": "bids", "measure": "bids", "value": len(process.bids)},
            {"id": "validBids", "measure": "validBids", "value": valid},
        ]
        written["bids"] = {"details": details, "statistics": statistics}
    if process.awards:
        written["awards"] = [write_award(each) for each in process.awards]
    if process.contracts:
        written["contracts"] = [write_contract(process, each) for each in process.contracts]
    if process.related:
        written["relatedProcesses"] = [write_related(each) for each in process.related]
    return written


def write_related(related: facts.Related) -> Json:
    """Write how another process stands to this one, or to a contract of it."""
    return _said(
        id=related.id,
        relationship=[related.kind],
        title=related.title,
        scheme="ocid",
        identifier=related.ocid,
    )


def write_parties(process: facts.Process) -> list[Json]:
    """List every organization with its parts in the process, in the order of their first part."""
    roles: dict[facts.Organization, list[str]] = {process.buyer: ["buyer", "procuringEntity"]}
    for bid in process.bids:
        roles.setdefault(bid.organization, []).append("tenderer")
    for award in process.awards:
        roles.setdefault(award.organization, []).append("supplier")
    if any(each.payments for each in process.contracts):
        roles[process.buyer].append("payer")
    for contract in process.contracts:
        if contract.payments:
            roles.setdefault(contract.supplier, []).append("payee")
        if contract.refunds:
            roles.setdefault(contract.supplier, []).append("payer")
            roles[process.buyer].append("payee")
    return [
        _said(
            id=each.id,
            name=each.name,
            identifier=_said(scheme=CREDIT_CODES, id=each.credit_code, legalName=each.name)
            if each.credit_code
            else None,
            roles=list(dict.fromkeys(parts)),
        )
        for each, parts in roles.items()
    ]


def write_plan(plan: facts.Plan) -> Json:
    """Write what the work is for and the money set aside for it."""
    sources = "；".join(f"{name} {yuan(fen)} 元" for name, fen in plan.sources)
    budget = _said(
        id=plan.project_number,
        description=sources,
        amount=value(plan.budget_fen),
        project=plan.title,
        projectID=plan.project_number,
    )
    return _said(rationale=plan.need, budget=budget)


def write_tender(process: facts.Process) -> Json:
    """Write the invitation; who bid is told only with the opened bids."""
    tender = process.tender
    tenderers = [reference(each.organization) for each in process.bids]
    return _said(
        id=tender.id,
        title=tender.title,
        status=tender.status,
        procuringEntity=reference(process.buyer),
        value=value(tender.value_fen),
        procurementMethod=tender.method,
        procurementMethodDetails=tender.method_words,
        procurementMethodRationale=tender.rationale,
        mainProcurementCategory=tender.category,
        awardCriteria=tender.criteria_kind,
        submissionMethod=["electronicSubmission"] if tender.bidding else None,
        tenderPeriod=_period(tender.bidding),
        enquiryPeriod=_period(tender.enquiry),
        hasEnquiries=bool(tender.questions) if tender.enquiry else None,
        eligibilityCriteria=tender.eligibility,
        numberOfTenderers=len(tenderers) if tender.opened_at else None,
        tenderers=tenderers,
        bidOpening={"date": instant(tender.opened_at)} if tender.opened_at else None,
        lots=_lots(tender),
        documents=[write_file(each) for each in tender.files],
        enquiries=[
            _said(
                id=each.id,
                date=instant(each.asked_at),
                description=each.question,
                answer=each.answer,
                dateAnswered=instant(each.answered_at),
            )
            for each in tender.questions
        ],
        amendments=[write_amendment(each) for each in tender.amendments],
        complaints=[write_complaint(each) for each in tender.complaints],
    )


def _lots(tender: facts.Tender) -> list[Json]:
    """Write the whole as one lot where weights are told: the standard keeps them on lots."""
    if not tender.criteria:
        return []
    criteria = [
        {
            "type": each.kind,
            "name": each.name,
            "numbers": [{"number": each.weight, "weight": "percentageExact"}],
        }
        for each in tender.criteria
    ]
    return [{"id": "all", "title": tender.title, "awardCriteria": {"criteria": criteria}}]


def write_bid(bid: facts.Bid) -> Json:
    """Write an opened bid with its scores."""
    return _said(
        id=bid.id,
        date=instant(bid.submitted_at),
        status=bid.status,
        tenderers=[reference(bid.organization)],
        value=value(bid.price_fen),
        documents=[write_file(each) for each in bid.files],
        reason=bid.reason,
        rank=bid.rank,
        scores=[
            _said(
                id=each.id,
                criterion=each.criterion,
                points=each.hundredths * HUNDREDTH,
                maximum=each.most_hundredths * HUNDREDTH,
                member=each.member,
            )
            for each in bid.scores
        ],
    )


def write_award(award: facts.Award) -> Json:
    """Write an award with the objections and complaints against it."""
    return _said(
        id=award.id,
        title=award.title,
        description=award.reason,
        status=award.status,
        date=instant(award.decided_at),
        value=value(award.amount_fen),
        suppliers=[reference(award.organization)],
        relatedBid=award.bid_id,
        complaints=[write_complaint(each) for each in award.complaints],
    )


def write_complaint(complaint: facts.Complaint) -> Json:
    """Write an objection or complaint with its answer."""
    return _said(
        id=complaint.id,
        type=complaint.kind,
        status=complaint.status,
        date=instant(complaint.received_at),
        description=complaint.words,
        dueDate=_end_of(complaint.due_on),
        answer=complaint.answer,
        dateAnswered=instant(complaint.answered_at),
    )


def write_contract(process: facts.Process, contract: facts.Contract) -> Json:
    """Write a contract with its milestones, instalments and payments."""
    return _said(
        id=contract.id,
        awardID=contract.award_id,
        title=contract.title,
        status=contract.status,
        period=_days(contract.period),
        value=value(contract.amount_fen),
        dateSigned=instant(contract.signed_at),
        documents=[write_file(each) for each in contract.files],
        amendments=[write_amendment(each) for each in contract.amendments],
        relatedProcesses=[write_related(each) for each in contract.related],
        implementation=_said(
            milestones=[write_milestone(each) for each in contract.milestones],
            transactions=_transactions(reference(process.buyer), contract),
            endDate=instant(contract.ended_at),
            endDateDetails=contract.end_words,
            finalValue=value(contract.final_fen),
        ),
    )


def _transactions(buyer: Json, contract: facts.Contract) -> list[Json]:
    """Write payments, then what came back with payer and payee changed round.

    The standard knows no negative payment; its transaction goes from a payer to a payee.
    """
    supplier = reference(contract.supplier)
    paid = [
        {
            "id": each.id,
            "date": instant(each.paid_at),
            "value": value(each.amount_fen),
            "payer": buyer,
            "payee": supplier,
            "relatedImplementationMilestone": {"id": each.milestone_id},
        }
        for each in contract.payments
    ]
    returned = [
        {
            "id": each.id,
            "date": instant(each.received_at),
            "value": value(each.amount_fen),
            "payer": supplier,
            "payee": buyer,
        }
        for each in contract.refunds
    ]
    return paid + returned


def write_milestone(milestone: facts.Milestone) -> Json:
    """Write a milestone with the instalment it earns."""
    return _said(
        id=milestone.id,
        title=milestone.title,
        type="delivery",
        description=milestone.words,
        status=milestone.status,
        dueDate=_end_of(milestone.due_on),
        dateMet=instant(milestone.met_at),
        value=value(milestone.amount_fen),
    )


def write_file(file: facts.File) -> Json:
    """Write a document by its fingerprint, and its address where everybody may open it."""
    return _said(
        id=file.id,
        documentType=file.kind,
        title=file.title,
        description=file.words,
        url=file.url,
        datePublished=instant(file.published_at),
        language=LANGUAGE,
        sha256=file.sha256,
    )


def write_amendment(amendment: facts.Amendment) -> Json:
    """Write a change with its reason."""
    return _said(
        id=amendment.id,
        date=instant(amendment.changed_at),
        rationale=amendment.rationale,
        description=amendment.words,
    )


def reference(organization: facts.Organization) -> Json:
    """Name an organization as a party is named elsewhere."""
    return {"id": organization.id, "name": organization.name}


def value(fen: int | None) -> Json | None:
    """Write money; there is one currency."""
    return None if fen is None else {"amount": yuan(fen), "currency": CURRENCY}


def instant(at: datetime | None) -> Any:
    """Write an instant in UTC, with all six decimals, so that text sorts as time does."""
    return at and f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _end_of(day: date | None) -> str | None:
    """Write a due day as its last second in Shanghai."""
    if day is None:
        return None
    last = datetime.combine(day, time(), SHANGHAI) + timedelta(days=1, seconds=-1)
    return last.isoformat()


def _days(period: tuple[date, date] | None) -> Json | None:
    if period is None:
        return None
    begins = datetime.combine(period[0], time(), SHANGHAI)
    return {"startDate": begins.isoformat(), "endDate": _end_of(period[1])}


def _period(period: tuple[datetime, datetime] | None) -> Json | None:
    return period and {"startDate": instant(period[0]), "endDate": instant(period[1])}


def _said(**fields: Any) -> Json:
    """Leave out what is not known; texts lose control characters."""
    return {
        name: clean_text(each) if isinstance(each, str) else each
        for name, each in fields.items()
        if each is not None and each not in ("", [], {})
    }
