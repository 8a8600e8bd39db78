"""Public words give nobody away."""

from __future__ import annotations

import pytest

from community.identity.rules.public_words import personal_words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("请打 138 0013 8000 找我", "手机号码"),
        ("电话１３８００１３８０００", "手机号码"),
        ("身份证 11010519491231002X 的人", "身份证号"),
        ("卡号 6222 0210 0101 2345 678", "银行卡号"),
        ("王秀英家漏水为什么用公共的钱？", "居民姓名"),
        ("业主陈立说过这事", "居民姓名"),
        ("陈立式书架花了多少钱？", None),
        ("2026 年 11 月花了 13800.00 元，合同 20261122 号", None),
        ("电梯今年为什么修了三次？", None),
    ],
)
@pytest.mark.once
def test_public_words_give_nobody_away(words: str, found: str | None) -> None:
    assert personal_words(words, ("王秀英", "陈立")) == found
