"""The program `verify.py`: what a person types, and the sentences that come back.

Exit codes: 0 everything holds · 1 something was changed (each item is named) · 2 cannot tell
(a file, a key or an argument is missing or unreadable).
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from community.transparency.rules.audit.committed import check_committed
from community.transparency.rules.audit.findings import CannotTell, Finding, Findings
from community.transparency.rules.audit.logs import LogResult, verify_log
from community.transparency.rules.audit.packs import (
    compare_roots,
    read_keys,
    verify_pack,
)
from community.transparency.rules.audit.sources import check_container, open_folder, open_source
from community.transparency.rules.audit.witness import (
    WitnessFolder,
    cosign,
    fetch,
    fetch_consistency,
    open_address,
    send_cosignature,
)
from community.transparency.rules.ballots import is_ballot_receipt
from community.transparency.rules.bid_receipts import is_bid_receipt
from community.transparency.rules.merkle import BadProof
from community.transparency.rules.note import (
    BadNote,
    Checkpoint,
    VerifierKey,
    open_checkpoint,
    read_key,
)
from community.transparency.rules.paper import read_paper
from community.transparency.rules.receipts import check_receipt, read_receipt

HOLDS, CHANGED, UNKNOWN = 0, 1, 2
_SELDOM = 200_000
EXIT_CODES = """
exit codes / 退出码:
  0  everything holds / 全部相符
  1  something was changed, each item is named / 有改动，逐项列出
  2  cannot tell: a file, key or argument is missing / 无法判断：缺文件、公钥或参数

A log cannot prove that nothing was left out, nor that a voucher is true.
日志不能证明“没有漏记”，也不能证明凭证本身真实。
"""


def say(line: str) -> None:
    """Print a line, whatever the terminal's encoding."""
    try:
        sys.stdout.write(line + "\n")
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")


def _say_finding(sign: str, finding: Finding) -> None:
    say(f"{sign} {finding.item}")
    say(f"    {finding.chinese}。")
    say(f"    {finding.english}.")


def _conclude(findings: Findings) -> int:
    """Print what was found and return the exit code."""
    for one in findings.notes:
        _say_finding("·", one)
    for one in findings.broken:
        _say_finding("✗", one)
    if findings.count:
        say(f"✗ 有改动：共 {findings.count} 处。 / CHANGED: {findings.count} found.")
        return CHANGED
    say("✓ 全部相符，没有改动。 / Everything holds; nothing was changed.")
    return HOLDS


def _say_log(result: LogResult) -> None:
    checkpoint = result.checkpoint
    say(f"日志 / log    {checkpoint.origin}")
    say(f"大小 / size   {checkpoint.size}")
    say(f"根   / root   {checkpoint.root.hex()}")
    say("签名 / signed " + ", ".join(f"{one.name}+{one.key_id.hex()}" for one in result.signers))


def _keys(arguments: argparse.Namespace) -> list[VerifierKey]:
    """Read the keys given on the command line: a key itself, or a file of keys."""
    found: list[VerifierKey] = []
    for text in arguments.key or []:
        path = Path(text)
        if "+" not in text and path.is_file():
            found += read_keys(open_folder(path.parent), path.name)
            continue
        try:
            found.append(read_key(text))
        except BadNote as problem:
            raise CannotTell(
                f"公钥读不出：{problem}", f"the key cannot be read: {problem}"
            ) from None
    return list(dict.fromkeys(found))


def read_anchor(text: str) -> bytes:
    """Read a checkpoint somebody kept: a file, a notice's code, or the address in it.

    Raises:
        CannotTell: it is none of these.
    """
    content = text.encode()
    path = Path(text)
    try:
        if path.is_file():
            content = path.read_bytes()
    except OSError:
        pass  # Too long for a file's name: then it is the text itself.
    if b"\n" in content.strip():
        return content
    try:
        return read_paper(content.decode()).note()
    except (BadNote, ValueError):
        raise CannotTell(
            f"读不出检查点：{text[:60]}", f"this is no checkpoint: {text[:60]}"
        ) from None


def run_log(arguments: argparse.Namespace) -> int:
    """Verify a folder of tiles."""
    findings = Findings()
    keys = _keys(arguments)
    anchors = [_open(read_anchor(one), keys) for one in arguments.checkpoint or []]
    sizes = [one.size for one in anchors]
    is_online = arguments.folder.startswith(("http://", "https://"))
    source = open_address(arguments.folder) if is_online else open_folder(Path(arguments.folder))
    result = verify_log(source, keys, findings, sizes=sizes)
    for one in anchors:
        compare_roots(f"your checkpoint of size {one.size}", one, result, findings)
    _say_log(result)
    return _conclude(findings)


def run_pack(arguments: argparse.Namespace) -> int:
    """Verify an audit pack."""
    findings = Findings()
    anchors = [read_anchor(one) for one in arguments.checkpoint or []]
    path = Path(arguments.file)
    source, often = open_source(path), gc.get_threshold()
    if not path.is_dir():
        check_container(path, findings)
    try:
        # Looking for cycles among millions of records costs a fifth of the time; files make a few.
        gc.set_threshold(_SELDOM)
        result = verify_pack(source, findings, _keys(arguments), anchors)
    except CannotTell as problem:
        if not findings.count:
            raise
        findings.add("log", problem.chinese, problem.english)
        return _conclude(findings)
    finally:
        gc.set_threshold(*often)
    _say_log(result.log)
    say(
        f"记录 {result.records} 条，账目 {result.transactions} 笔，旧检查点 {result.checkpoints} 个"
        f" / {result.records} records, {result.transactions} transactions,"
        f" {result.checkpoints} older checkpoints"
    )
    return _conclude(findings)


def run_receipt(arguments: argparse.Namespace) -> int:
    """Verify a receipt file."""
    findings = Findings()
    content = _read_file(arguments.file)
    if is_ballot_receipt(content) or is_bid_receipt(content):
        return _run_committed(arguments, content)
    try:
        receipt = read_receipt(content)
    except BadProof as problem:
        raise CannotTell(f"读不出收据：{problem}", str(problem)) from None
    try:
        checkpoint, signers = check_receipt(receipt, _keys(arguments))
        _say_log(LogResult(checkpoint, signers, {}))
    except (BadNote, BadProof) as problem:
        findings.add(
            arguments.file, f"收据不成立：{problem}", f"the receipt does not hold: {problem}"
        )
    say(f"记录 / record {receipt.place}: {receipt.record.decode('utf-8', 'replace')}")
    return _conclude(findings)


def _run_committed(arguments: argparse.Namespace, content: bytes) -> int:
    """Verify a voter's or bidder's receipt, against the published list where it is given."""
    findings = Findings()
    told = _read_list(arguments.list) if arguments.list else None
    handed_in = _read_file(arguments.envelope) if arguments.envelope else None
    line = check_committed(content, _keys(arguments), told, handed_in, findings)
    if line:
        say(line)
    return _conclude(findings)


def _read_list(path: str) -> dict[str, Any]:
    """Read a published list of ballots or bids."""
    try:
        told = json.loads(_read_file(path))
    except (ValueError, RecursionError) as problem:
        raise CannotTell(f"公布的清单读不出：{problem}", f"{path}: {problem}") from None
    # Whatever else it is, what was handed in does not stand in it.
    return told if isinstance(told, dict) else {}


def run_checkpoint(arguments: argparse.Namespace) -> int:
    """Compare an older checkpoint with a newer one, by a pack, a log's folder or its address."""
    findings = Findings()
    keys = _keys(arguments)
    old = _open(read_anchor(arguments.old), keys)
    new_path = Path(arguments.new)
    if new_path.is_dir() or new_path.suffix.lower() == ".zip":
        source = open_source(new_path)
        log = source.inside("log") if "log/checkpoint" in source.names else source
        result = verify_log(log, keys, findings, sizes=[old.size])
        compare_roots(f"checkpoint of size {old.size}", old, result, findings)
        _say_log(result)
        return _conclude(findings)
    if arguments.new.startswith(("http://", "https://")):
        address = arguments.new.rstrip("/")
        new = _open(fetch(address + "/checkpoint"), keys)
        _compare_online(old, new, address, findings)
    else:
        new = _open(read_anchor(arguments.new), keys)
        _compare_two(old, new, findings)
    say(f"{old.origin}: {old.size} → {new.size}")
    return _conclude(findings)


def _compare_two(old: Checkpoint, new: Checkpoint, findings: Findings) -> None:
    """Compare two checkpoints alone: without the log, only equal sizes can be told."""
    if old.origin == new.origin and old.size < new.size:
        raise CannotTell(
            "两个检查点大小不同，要有日志文件夹、审计包或日志网址才能比较",
            "checkpoints of different sizes need the log's folder, a pack or the log's address",
        )
    result = LogResult(new, (), {new.size: new.root})
    compare_roots(f"checkpoint of size {old.size}", old, result, findings)


def _compare_online(old: Checkpoint, new: Checkpoint, address: str, findings: Findings) -> None:
    if old.origin != new.origin or old.size >= new.size:
        _compare_two(old, new, findings)
        return
    try:
        fetch_consistency(address, old, new)
    except BadProof as problem:
        findings.add(
            f"checkpoint of size {old.size}",
            f"日志被改写：{problem}",
            f"the log was rewritten: {problem}",
        )


def run_witness(arguments: argparse.Namespace) -> int:
    """Keep and cosign a log's checkpoints."""
    folder = WitnessFolder(Path(arguments.folder))
    if arguments.name:
        say(f"公钥 / key {folder.make_key(arguments.name)}")
        return HOLDS
    keys = _keys(arguments)
    if not keys or not arguments.address:
        raise CannotTell("请给出日志的公钥和网址", "give the log's key and its address")
    address = arguments.address.rstrip("/")
    note = fetch(address + "/checkpoint")
    new = _open(note, keys)
    findings = Findings()
    old_note = folder.last(new.origin)
    if old_note is not None:
        _compare_online(_open(old_note, keys), new, address, findings)
    if findings.count:
        return _conclude(findings)
    cosigned = cosign(note, folder)
    folder.keep(new, cosigned)
    say(f"{new.origin}: size {new.size}, root {new.root.hex()}")
    if arguments.send:
        send_cosignature(address, cosigned)
    else:
        say(cosigned.decode())
    return _conclude(findings)


def _open(note: bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    try:
        return open_checkpoint(note, keys)[0]
    except BadNote as problem:
        raise CannotTell(
            f"检查点的签名或格式不成立：{problem}", f"a checkpoint does not hold: {problem}"
        ) from None


def _read_file(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as problem:
        raise CannotTell(f"读不出 {name}：{problem}", f"{name}: {problem}") from None


def make_parser() -> argparse.ArgumentParser:
    """Describe what can be typed."""
    parser = argparse.ArgumentParser(
        prog="verify.py",
        description="Verify a community's public log. / 核对社区公开日志。",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    kept = "a checkpoint you kept: file, notice's code or address / 您保存的检查点"
    key = "verifier key, or a file of them / 公钥，或公钥文件"

    log = commands.add_parser("log", help="a folder of tiles, or its address / 日志文件夹或网址")
    log.add_argument("folder")
    log.add_argument("--checkpoint", action="append", help=kept)
    log.set_defaults(run=run_log)

    pack = commands.add_parser("pack", help="an audit pack / 审计包")
    pack.add_argument("file")
    pack.add_argument("--checkpoint", action="append", help=kept)
    pack.set_defaults(run=run_pack)

    receipt = commands.add_parser("receipt", help="a receipt / 收据")
    receipt.add_argument("file")
    receipt.add_argument("--list", help="published ballots or bids / 公布的清单 poll-7.json")
    receipt.add_argument("--envelope", help="the bid as handed in / 提交的投标文件")
    receipt.set_defaults(run=run_receipt)

    checkpoint = commands.add_parser("checkpoint", help="an older and a newer one / 新旧检查点")
    checkpoint.add_argument("old", help=kept)
    checkpoint.add_argument("new", help="checkpoint, log folder, pack, or the log's address")
    checkpoint.set_defaults(run=run_checkpoint)

    witness = commands.add_parser("witness", help="keep and cosign checkpoints / 作见证")
    witness.add_argument("folder", help="where key and last checkpoints are kept / 保存位置")
    witness.add_argument("address", nargs="?", help="https://…/log/<community>")
    witness.add_argument("--name", help="make a key of this name first / 先用此名生成密钥")
    witness.add_argument("--send", action="store_true", help="send it to the log / 送回日志")
    witness.set_defaults(run=run_witness)

    for one in (log, pack, receipt, checkpoint, witness):
        needed = one in (log, receipt, checkpoint)
        one.add_argument("--key", action="append", required=needed, help=key)
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    parser = make_parser()
    arguments = parser.parse_args(words)
    if arguments.command is None:
        parser.print_help()
        return UNKNOWN
    try:
        return int(arguments.run(arguments))
    except CannotTell as problem:
        say(f"? 无法判断：{problem.chinese}。")
        say(f"? Cannot tell: {problem.english}.")
        return UNKNOWN
