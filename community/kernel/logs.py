"""Log lines without personal data: JSON in production, readable in development."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

REMOVED = "[removed]"
# Whatever is logged under one of these names is personal, whoever logs it.
PERSONAL_KEYS = frozenset(
    {
        "address", "birthday", "body", "code", "contact", "content", "email", "id_number",
        "mobile", "name", "number", "parameters", "params", "password", "person_name", "phone",
        "reason_text", "recipient", "secret", "text", "title", "to", "token", "typed",
    }
)  # fmt: skip
# Mobile and identity card numbers, also inside longer text such as an exception's message.
_IDENTITY_CARD = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)")
# A one-time code or a secret in a link.
_SECRET_IN_LINK = re.compile(r"(?i)\b(code|token|key|secret|password)=[^&\s\"']+")

Event = MutableMapping[str, Any]


def redact(logger: object, method: str, event: Event) -> Event:
    """Remove personal values from a log line before it is written."""
    for key, value in event.items():
        if key in {"level", "timestamp", "logger"}:
            continue
        if key in PERSONAL_KEYS:
            event[key] = REMOVED
        else:
            event[key] = _clean(value)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {
            key: REMOVED if key in PERSONAL_KEYS else _clean(each) for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        # A number logged as a number may be a phone's, too.
        return value if len(str(value)) < 11 else clean_text(str(value))
    return clean_text(repr(value))


def clean_text(text: str) -> str:
    """Mask numbers that identify people wherever they stand in a text."""
    text = _IDENTITY_CARD.sub(REMOVED, text)
    text = _MOBILE.sub(r"\1****\2", text)
    return _SECRET_IN_LINK.sub(rf"\1={REMOVED}", text)


def _drop_frame_values(logger: object, method: str, event: Event) -> Event:
    """Keep a traceback's lines and lose its last message, which may quote what was typed."""
    trace = event.get("exception")
    if isinstance(trace, str):
        kept = [line for line in trace.splitlines() if line.startswith((" ", "Traceback"))]
        event["exception"] = "\n".join(kept)
    return event


def configure(*, as_json: bool, level: str = "INFO") -> None:
    """Set up logging once a process: our own lines and those of every library alike."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        _drop_frame_values,
        redact,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # alembic, WeasyPrint and font tools tell every step at INFO.
    for noisy in ("fontTools", "weasyprint", "alembic", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
