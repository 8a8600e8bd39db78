"""The tables of the fund, split by business word."""

from community.trust_property.models.fund import BankAccount, Fund, FundBuilding

__all__ = ["BankAccount", "Fund", "FundBuilding"]
