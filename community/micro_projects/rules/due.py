"""What an organization has to do, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from community.kernel.errors import N_


class DueKind(StrEnum):
    """What is asked of the organization."""

    CONFIRM_BID = "confirm_bid"
    EXPLAIN_PRICE = "explain_price"
    DELIVER = "deliver"
    RENEW_CERTIFICATE = "renew_certificate"


DUE_TITLES = {
    DueKind.CONFIRM_BID: N_("招标有更正，请重新确认投标"),
    DueKind.EXPLAIN_PRICE: N_("报价偏低，请说明"),
    DueKind.DELIVER: N_("按合同提交成果"),
    DueKind.RENEW_CERTIFICATE: N_("证照到期，请换新的"),
}


@dataclass(frozen=True, slots=True)
class DueLine:
    """One thing to do: what about, until which day, and whose page it is done on.

    `tender_id` and `project_id` lead there; a certificate has neither. Days left are below 0 when
    the day has passed.
    """

    kind: DueKind
    what: str
    detail: str
    due_on: date
    days_left: int
    tender_id: int | None = None
    project_id: int | None = None
    amount_fen: int = 0
