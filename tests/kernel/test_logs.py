"""Log lines hold no personal data, whatever is handed to them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from community.kernel import logs

pytestmark = pytest.mark.once

SECRETS = ("13812345678", "王秀英", "11010519491231002X", "s3cret-code")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logs.configure(as_json=True)
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    handler.setStream(stream)
    yield stream
    root.handlers[:], root.level = before, level
    structlog.reset_defaults()


def test_personal_values_do_not_reach_the_log(written: io.StringIO) -> None:
    log = structlog.stdlib.get_logger("tests")
    log.info(
        "sent to 13812345678",
        name="王秀英",
        phone="13812345678",
        person={"name": "王秀英", "id_number": "11010519491231002X", "age": 77},
        said=["call 138-1234-5678"],
        link="/verify?code=s3cret-code&x=1",
        count=3,
    )
    line = json.loads(written.getvalue())
    assert not [each for each in SECRETS if each in written.getvalue()]
    assert line["event"] == "sent to 138****5678"
    assert line["person"]["age"] == 77
    assert line["link"] == "/verify?code=[removed]&x=1"
    assert line["count"] == 3


def test_a_traceback_keeps_its_lines_and_loses_its_words(written: io.StringIO) -> None:
    log = structlog.stdlib.get_logger("tests")
    try:
        int(" ".join(SECRETS))
    except ValueError:
        log.exception("failed", job=4)
    line = json.loads(written.getvalue())
    assert "test_logs.py" in line["exception"]
    assert not [each for each in SECRETS if each in line["exception"]]


def test_lines_of_libraries_are_cleaned_too(written: io.StringIO) -> None:
    logging.getLogger("library").warning("bad value %s", "13812345678")
    assert json.loads(written.getvalue())["event"] == "bad value 138****5678"


def test_ordinary_numbers_stay(written: io.StringIO) -> None:
    structlog.stdlib.get_logger("tests").info("x", micros=1_790_000_000_000_000, row=12)
    line = json.loads(written.getvalue())
    assert str(line["micros"]) == "1790000000000000"
    assert line["row"] == 12
