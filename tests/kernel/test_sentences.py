"""A sentence kept with its facts comes back whole, inner sentences included."""

from __future__ import annotations

import json

import pytest

from community.kernel.sentences import Said, from_plain, say, to_plain

pytestmark = pytest.mark.once


def test_a_sentence_is_its_chinese_text() -> None:
    said = say("{name}，{n} 分", name="王秀英", n=3)
    assert said == "王秀英，3 分"
    assert json.dumps({"said": said}, ensure_ascii=False) == '{"said": "王秀英，3 分"}'


def test_it_comes_back_from_json_with_what_it_holds() -> None:
    said = say("{when}。原因：{why}", when=say("{hour} 点", hour=9), why="{不是事实}")
    again = from_plain(json.loads(json.dumps(to_plain(said))), "")
    assert again == said == "9 点。原因：{不是事实}"
    assert isinstance(again, Said)
    assert isinstance(again.facts["when"], Said)


def test_plain_text_stays_plain() -> None:
    assert to_plain("{就是}文字") is None
    assert from_plain(None, "{就是}文字") == "{就是}文字"
