"""English is complete, and no page mixes its languages."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.routing import Rule

from community.web.languages import RoomDomain
from tests import catalogues

pytestmark = pytest.mark.once

COMMUNITY = Path(__file__).parents[2] / "community"
ROOMS = catalogues.rooms()
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# How the public sees a name; a sentence may show it as its example.
MASKED = re.compile(r"[\u4e00-\u9fff]\*\*")
# A fact alone, between marks that each language writes its own way, is no foreign word.
FACT = re.compile(r"\{\w+\}|%\(\w+\)[sd]")
PERCENT = re.compile(r"%\((\w+)\)[sd]")


def facts_of(sentence: str) -> set[str]:
    """Name the facts a sentence asks for, in either of the two forms we use."""
    braces = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return braces | set(PERCENT.findall(sentence))


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_has_its_english(room: str) -> None:
    said, translated = catalogues.sentences_of(room), catalogues.translations_of(room)
    missing = sorted(sentence for sentence in said if not translated.get(sentence, "").strip())
    assert not missing, f"{len(missing)} sentences of {room} have no English: {missing[:20]}"


@pytest.mark.parametrize("room", ROOMS)
def test_catalogue_holds_nothing_the_room_does_not_say(room: str) -> None:
    unknown = sorted(set(catalogues.translations_of(room)) - catalogues.sentences_of(room))
    assert not unknown, f"no longer said in {room}: {unknown[:20]}"


@pytest.mark.parametrize("room", ROOMS)
def test_english_is_english_and_keeps_the_facts(room: str) -> None:
    wrong = [
        (said, english)
        for said, english in catalogues.translations_of(room).items()
        if CHINESE.search(MASKED.sub("", english)) or facts_of(said) != facts_of(english)
    ]
    assert not wrong


def test_source_sentences_are_chinese() -> None:
    foreign = sorted(
        f"{room}: {said}"
        for room in ROOMS
        for said in catalogues.sentences_of(room)
        if not CHINESE.search(said) and re.search(r"[a-z]{2}", FACT.sub("", said))
    )
    assert not foreign


def test_missing_english_is_found() -> None:
    assert facts_of("共 {count} 件") == facts_of("共 %(count)s 件") == {"count"}
    assert facts_of("%(year)d 年 %(month)s") == {"year", "month"}


@pytest.mark.parametrize(
    ("blueprint", "said", "english"),
    [
        ("deliberation", "通过", "Passed"),
        ("volunteering", "通过", "Accept"),
        ("volunteering_world", "通过", "Accept"),
        ("deliberation", "同意", "Yes"),
        ("rewards_api", "同意", "Agreed"),
        ("deliberation", "议事", "Decisions"),
        ("volunteering", "议事", "Decisions"),
        ("deliberation", "我们没有这句话", "我们没有这句话"),
    ],
)
def test_a_page_speaks_its_rooms_words(blueprint: str, said: str, english: str) -> None:
    app = Flask(__name__)
    folders = sorted(str(each) for each in COMMUNITY.glob("*/translations"))
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(folders)
    Babel(app, default_locale="en")
    with app.test_request_context() as asked:
        asked.request.url_rule = Rule("/", endpoint=f"{blueprint}.page")
        assert RoomDomain().gettext(said) == english
