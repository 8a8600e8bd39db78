"""The check digit of unified credit codes (GB 32100-2015)."""

from __future__ import annotations

import pytest

from community.identity.rules.credit_codes import is_credit_code

pytestmark = pytest.mark.once


# Published codes of large companies.
@pytest.mark.parametrize("code", ["91110000802100433B", "9144030071526726XG"])
def test_a_registered_code_passes(code: str) -> None:
    assert is_credit_code(code)


@pytest.mark.parametrize(
    "code", ["91110000802100433C", "91110000802100434B", "9111000080210043", "91110000I02100433B"]
)
def test_a_mistyped_code_fails(code: str) -> None:
    assert not is_credit_code(code)
