"""The tree: published vectors, and every proof of small trees against a plain recursion."""

import base64
import hashlib
import json
from pathlib import Path

import pytest

from community.transparency.rules import merkle
from tests.transparency.vectors import FOLDER, list_cases, needs_vectors, read_json

pytestmark = pytest.mark.once


def decode_all(proof: list[str] | None) -> list[bytes]:
    return [base64.b64decode(one) for one in proof or []]


def name_case(path: Path) -> str:
    return str(path.relative_to(FOLDER))


@needs_vectors
def test_there_are_196_cases() -> None:
    assert len(list_cases("inclusion")) == len(list_cases("consistency")) == 98


@pytest.mark.parametrize("path", list_cases("inclusion"), ids=name_case)
def test_inclusion_case(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    try:
        merkle.check_inclusion(
            case["leafIdx"],
            case["treeSize"],
            base64.b64decode(case["leafHash"]),
            base64.b64decode(case["root"] or ""),
            decode_all(case["proof"]),
        )
        refused = False
    except merkle.BadProof:
        refused = True
    assert refused == case["wantErr"], case["desc"]


@pytest.mark.parametrize("path", list_cases("consistency"), ids=name_case)
def test_consistency_case(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    try:
        merkle.check_consistency(
            case["size1"],
            case["size2"],
            base64.b64decode(case["root1"] or ""),
            base64.b64decode(case["root2"] or ""),
            decode_all(case["proof"]),
        )
        refused = False
    except merkle.BadProof:
        refused = True
    assert refused == case["wantErr"], case["desc"]


@needs_vectors
def test_published_roots() -> None:
    case = read_json("rfc6962_roots.json")
    leaves = [merkle.leaf_hash(bytes.fromhex(one)) for one in case["leaf_inputs_hex"]]
    roots = [merkle.root_of(leaves[:size]).hex() for size in range(len(leaves) + 1)]
    assert roots == case["root_by_size_hex"]


def plain_root(leaves: list[bytes]) -> bytes:
    """Hash as RFC 6962 section 2.1 writes it, without any of our short cuts."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    parts = plain_root(leaves[:split]) + plain_root(leaves[split:])
    return hashlib.sha256(b"\x01" + parts).digest()


LEAVES = [merkle.leaf_hash(bytes([one])) for one in range(40)]


def node_at(level: int, index: int) -> bytes:
    return plain_root(LEAVES[index << level : index + 1 << level])


def test_every_size_has_the_root_of_the_plain_recursion() -> None:
    for size in range(len(LEAVES) + 1):
        assert merkle.root_of(LEAVES[:size]) == plain_root(LEAVES[:size])


def test_every_inclusion_proof_of_small_trees_holds_for_its_entry_only() -> None:
    for size in range(1, 20):
        root = plain_root(LEAVES[:size])
        for index in range(size):
            proof = merkle.prove_inclusion(index, size, node_at)
            merkle.check_inclusion(index, size, LEAVES[index], root, proof)
            with pytest.raises(merkle.BadProof):
                merkle.check_inclusion(index, size, LEAVES[index + 1], root, proof)


def test_every_consistency_proof_of_small_trees_holds() -> None:
    for second in range(1, 40):
        for first in range(1, second + 1):
            proof = merkle.prove_consistency(first, second, node_at)
            roots = plain_root(LEAVES[:first]), plain_root(LEAVES[:second])
            merkle.check_consistency(first, second, *roots, proof)
            with pytest.raises(merkle.BadProof):
                merkle.check_consistency(first, second, roots[0], LEAVES[39], proof)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 5), (6, 5), (-1, 5)])
def test_no_consistency_proof_is_made_of_nothing(first: int, second: int) -> None:
    with pytest.raises(merkle.BadProof):
        merkle.prove_consistency(first, second, node_at)


def test_an_entry_past_the_end_has_no_proof() -> None:
    with pytest.raises(merkle.BadProof, match="entry 5 is not in a tree of 5"):
        merkle.prove_inclusion(5, 5, node_at)
