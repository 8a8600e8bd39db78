"""The tables of volunteering, split by business word."""

from community.volunteering.models.rule_sets import RuleSetRow

__all__ = ["RuleSetRow"]
