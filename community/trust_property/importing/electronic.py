"""Statements made for machines: OFX and camt.053; their signs and days need no guessing."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree as ET

from community.kernel.sheets import FileBroken, clean, decode, has_entities
from community.trust_property.importing.statement import AccountFacts, Statement, StatementLine
from community.trust_property.importing.values import UnreadableValueError, read_day, read_fen

_OFX_PART = re.compile(r"<(/?)([A-Z0-9.]+)>([^<\r\n]*)", re.IGNORECASE)
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_CODING = re.compile(rb"(?:CHARSET:|encoding=[\"'])([\w-]+)")


def read_electronic(content: bytes) -> Statement | None:
    """Read OFX or camt.053; None when the file is neither.

    Raises: FileBroken.
    """
    start = content[:2000]
    if b"<OFX>" in content[:8000] or start.lstrip().startswith(b"OFXHEADER"):
        return _read_ofx(content)
    if b"camt.05" in start:
        return _read_camt(content)
    return None


def _text_of(content: bytes) -> tuple[str, str]:
    found = _CODING.search(content[:500])
    named = {b"1252": "cp1252", b"936": "gb18030"}.get(found.group(1), "") if found else ""
    if named:
        try:
            return content.decode(named), named
        except UnicodeDecodeError:
            named = ""
    return decode(content)


def _fen(text: str) -> int:
    try:
        return read_fen(text) or 0
    except UnreadableValueError as error:
        raise FileBroken from error


def _day(text: str) -> date:
    try:
        day = read_day(text[:8] if text[:8].isdigit() else text[:10])
    except UnreadableValueError as error:
        raise FileBroken from error
    if day is None:
        raise FileBroken
    return day


def _made(
    kind: str,
    encoding: str,
    accounts: list[AccountFacts],
    lines: list[StatementLine],
    bank: str,
    currency: str,
    period: tuple[date | None, date | None],
) -> Statement:
    days = [line.day for line in lines]
    one = accounts[0] if len(accounts) == 1 else None
    return Statement(
        bank=bank,
        account=one.account if one else "",
        encoding=encoding,
        kind=kind,
        header_row=None,
        headers=(),
        columns=(),
        sign="as-written",
        order="newest-first" if days and days[0] > days[-1] else "oldest-first",
        since=period[0] or min(days, default=None),
        until=period[1] or max(days, default=None),
        opening_fen=one.opening_fen if one else None,
        closing_fen=one.closing_fen if one else None,
        fingerprint=kind,
        currency=currency,
        lines=tuple(lines),
        accounts=tuple(accounts),
    )


def _read_ofx(content: bytes) -> Statement:
    text, encoding = _text_of(content)
    accounts: list[AccountFacts] = []
    lines: list[StatementLine] = []
    told: dict[str, str] = {}
    for name, value in _ofx_parts(text):
        if name in {"STMTTRN", "/STMTTRN", "/LEDGERBAL", "/STMTRS", "/CCSTMTRS"}:
            if name == "STMTTRN":
                for each in ("TRNAMT", "DTPOSTED", "NAME", "PAYEE", "MEMO", "FITID", "TRNTYPE"):
                    told.pop(each, None)
            elif name == "/STMTTRN":
                lines.append(_ofx_line(told, len(lines) + 1))
            elif name == "/LEDGERBAL":
                told["CLOSING"] = told.get("BALAMT", "")
            else:
                accounts.append(_ofx_account(told, lines))
                told.pop("CLOSING", None)
        elif value:
            told[name] = value
    if not accounts and lines:
        accounts.append(_ofx_account(told, lines))
    period = tuple(_day(told[name]) if name in told else None for name in ("DTSTART", "DTEND"))
    return _made(
        "ofx",
        encoding,
        accounts,
        lines,
        told.get("ORG", ""),
        told.get("CURDEF", "CNY"),
        (period[0], period[1]),
    )


def _ofx_parts(text: str) -> Iterator[tuple[str, str]]:
    for closing, name, value in _OFX_PART.findall(text):
        yield f"{closing}{name.upper()}", html.unescape(clean(value))


def _ofx_line(told: dict[str, str], row: int) -> StatementLine:
    return StatementLine(
        row=row,
        day=_day(told.get("DTPOSTED", "")),
        amount_fen=_fen(told.get("TRNAMT", "")),
        counterparty=told.get("NAME", told.get("PAYEE", "")),
        summary=told.get("MEMO", ""),
        number=told.get("FITID", ""),
        kind=told.get("TRNTYPE", ""),
        account=told.get("ACCTID", ""),
    )


def _ofx_account(told: dict[str, str], lines: list[StatementLine]) -> AccountFacts:
    account = told.get("ACCTID", "")
    own = [line.amount_fen for line in lines if line.account == account]
    closing = _fen(told["CLOSING"]) if told.get("CLOSING") else None
    opening = None if closing is None else closing - sum(own)
    return AccountFacts(account, opening, closing, len(own))


def _read_camt(content: bytes) -> Statement:
    if has_entities(content):
        raise FileBroken
    whole, encoding = decode(content)
    try:
        document = ET.fromstring(_DECLARED.sub("", whole.lstrip("\ufeff")))  # noqa: S314  no entities
    except ET.ParseError as error:
        raise FileBroken from error
    for each in document.iter():
        each.tag = each.tag.rpartition("}")[2]
    accounts: list[AccountFacts] = []
    lines: list[StatementLine] = []
    bank = currency = ""
    days: list[date] = []
    for statement in [*document.iter("Stmt"), *document.iter("Rpt"), *document.iter("Ntfctn")]:
        account = _found(statement, "Acct/Id/IBAN") or _found(statement, "Acct/Id/Othr/Id")
        bank = bank or _found(statement, "Acct/Svcr/FinInstnId/Nm")
        currency = currency or _found(statement, "Acct/Ccy")
        days += [
            _day(text)
            for path in ("FrToDt/FrDtTm", "FrToDt/ToDtTm")
            if (text := _found(statement, path))
        ]
        own = [line for entry in statement.iter("Ntry") for line in _camt_lines(entry, account)]
        lines += own
        opening, closing = (
            _camt_balance(statement, "OPBD", "PRCD"),
            _camt_balance(statement, "CLBD"),
        )
        accounts.append(AccountFacts(account, opening, closing, len(own)))
    numbered = [_with_row(line, row) for row, line in enumerate(lines, start=1)]
    period = (min(days), max(days)) if days else (None, None)
    return _made("camt", encoding, accounts, numbered, bank, currency or "CNY", period)


def _with_row(line: StatementLine, row: int) -> StatementLine:
    return StatementLine(
        row=row,
        day=line.day,
        amount_fen=line.amount_fen,
        counterparty=line.counterparty,
        summary=line.summary,
        number=line.number,
        counter_account=line.counter_account,
        account=line.account,
    )


def _found(element: ET.Element, path: str) -> str:
    return clean(element.findtext(path) or "")


def _signed(element: ET.Element) -> int:
    amount = _fen(_found(element, "Amt"))
    return -amount if _found(element, "CdtDbtInd") == "DBIT" else amount


def _camt_balance(statement: ET.Element, *codes: str) -> int | None:
    for balance in statement.iter("Bal"):
        if _found(balance, "Tp/CdOrPrtry/Cd") in codes:
            return _signed(balance)
    return None


def _camt_lines(entry: ET.Element, account: str) -> Iterator[StatementLine]:
    day = _day(
        _found(entry, "BookgDt/Dt") or _found(entry, "BookgDt/DtTm") or _found(entry, "ValDt/Dt")
    )
    amount = _signed(entry)
    details = entry.find("NtryDtls/TxDtls")
    told = entry if details is None else details
    side = "Cdtr" if amount < 0 else "Dbtr"
    yield StatementLine(
        row=0,
        day=day,
        amount_fen=amount,
        counterparty=_found(told, f"RltdPties/{side}/Nm")
        or _found(told, f"RltdPties/{side}/Pty/Nm"),
        summary="  ".join(clean(each.text or "") for each in told.iter("Ustrd"))
        or _found(entry, "AddtlNtryInf"),
        number=_found(entry, "AcctSvcrRef")
        or _found(told, "Refs/AcctSvcrRef")
        or _found(entry, "NtryRef"),
        counter_account=_found(told, f"RltdPties/{side}Acct/Id/IBAN"),
        account=account,
    )
