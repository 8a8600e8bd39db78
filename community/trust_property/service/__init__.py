"""Commands of the fund, split by business word.

The files named here say what an approved matter of their kind brings about; importing this
package puts that in place.
"""

from community.trust_property.service import (
    audits,
    bill_matching,
    budgets,
    contracts,
    corrections,
    deposits,
    emergencies,
    estate,
    opening,
    overdue,
    payees,
    policies,
    questions,
    remunerations,
    reports,
    spending,
    surplus,
)

__all__ = [
    "audits",
    "bill_matching",
    "budgets",
    "contracts",
    "corrections",
    "deposits",
    "emergencies",
    "estate",
    "opening",
    "overdue",
    "payees",
    "policies",
    "questions",
    "remunerations",
    "reports",
    "spending",
    "surplus",
]
