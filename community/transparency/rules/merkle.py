"""The tree of RFC 6962: hashes, roots, proofs and their verification; knows no record's meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
# A tree has fewer entries than this (C2SP tlog-checkpoint counts them in 64 bits).
MOST_ENTRIES = 2**63


class BadProof(ValueError):
    """What was shown does not prove what it claims."""


def leaf_hash(record: bytes) -> bytes:
    """Hash one record as a leaf. Source: RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into the one above them. Source: RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow_stack(stack: list[bytes], size: int, leaf: bytes) -> int:
    """Add a leaf to a tree of `size`, kept as its perfect subtrees from left to right.

    Changes `stack` and returns the new size; n leaves cost n hashes in all.
    """
    grown = size + 1
    while size & 1:
        leaf = node_hash(stack.pop(), leaf)
        size >>= 1
    stack.append(leaf)
    return grown


def stack_root(stack: Sequence[bytes]) -> bytes:
    """Return the root of a tree kept as its perfect subtrees from left to right."""
    if not stack:
        return EMPTY_ROOT
    root = stack[-1]
    for place in range(len(stack) - 2, -1, -1):
        root = node_hash(stack[place], root)
    return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes in order."""
    stack: list[bytes] = []
    size = 0
    for leaf in leaves:
        size = grow_stack(stack, size, leaf)
    return stack_root(stack)


def stack_places(size: int) -> list[tuple[int, int]]:
    """Name the perfect subtrees of a tree of `size` from left to right, as (level, index)."""
    places = []
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            places.append((level, start >> level))
            start += 1 << level
    return places


def _range_hash(start: int, end: int, node_at: Callable[[int, int], bytes]) -> bytes:
    """Hash the entries [start, end), where start is a multiple of the power of two above end."""
    stack = []
    for level, index in stack_places(end - start):
        stack.append(node_at(level, (start >> level) + index))
    return stack_root(stack)


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def prove_inclusion(index: int, size: int, node_at: Callable[[int, int], bytes]) -> list[bytes]:
    """Make the path from an entry to the root of a tree of `size`.

    `node_at(level, index)` returns the perfect subtree's hash. Source: RFC 6962 section 2.1.1.

    Raises:
        BadProof: the tree has no such entry.
    """
    if not 0 <= index < size:
        raise BadProof(f"entry {index} is not in a tree of {size}")
    proof = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(_range_hash(middle, end, node_at))
            end = middle
        else:
            proof.append(_range_hash(start, middle, node_at))
            start = middle
    return proof[::-1]


def prove_consistency(first: int, second: int, node_at: Callable[[int, int], bytes]) -> list[bytes]:
    """Make the proof that a tree of `second` begins with the tree of `first`.

    Source: RFC 6962 section 2.1.2.

    Raises:
        BadProof: the first size is 0 or larger than the second.
    """
    if not 0 < first <= second:
        raise BadProof(f"a tree of {second} has no beginning of {first} to prove")
    proof: list[bytes] = []
    start, end, is_whole = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            proof.append(_range_hash(middle, end, node_at))
            end = middle
        else:
            proof.append(_range_hash(start, middle, node_at))
            start, is_whole = middle, False
    if not is_whole:
        proof.append(_range_hash(start, end, node_at))
    return proof[::-1]


def _climb(place: int, last: int, proof: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each sibling on the way from a node to the root, and whether it stands on the left.

    `last` is the place of the last node in the same row.

    Raises:
        BadProof: the way has another length.
    """
    for sibling in proof:
        if last == 0:
            raise BadProof("the proof is longer than the tree is high")
        is_left = bool(place & 1) or place == last
        yield sibling, is_left
        while is_left and place and not place & 1:
            place >>= 1
            last >>= 1
        place >>= 1
        last >>= 1
    if last:
        raise BadProof("the proof is shorter than the tree is high")


def check_inclusion(
    index: int, size: int, leaf: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """Verify that a leaf is entry `index` of the tree of `size` with this root.

    Source: RFC 9162 section 2.1.3.2.

    Raises:
        BadProof: it does not follow.
    """
    if not 0 <= index < size <= MOST_ENTRIES:
        raise BadProof(f"entry {index} is not in a tree of {size}")
    _check_hashes([leaf, *proof])
    hashed = leaf
    for sibling, is_left in _climb(index, size - 1, proof):
        hashed = node_hash(sibling, hashed) if is_left else node_hash(hashed, sibling)
    if hashed != root:
        raise BadProof("the proof leads to another root")


def check_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> None:
    """Verify that the tree of `second` begins with the tree of `first`, unchanged.

    Source: RFC 9162 section 2.1.4.2. A first size of 0 proves nothing and is refused.

    Raises:
        BadProof: it does not follow.
    """
    if not 0 < first <= second <= MOST_ENTRIES:
        raise BadProof(f"a tree of {second} has no beginning of {first} to verify")
    if first == second:
        if proof:
            raise BadProof("two trees of one size need no proof")
        if first_root != second_root:
            raise BadProof("two trees of one size have different roots")
        return
    if not proof:
        raise BadProof("the proof is empty")
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    _check_hashes(path)
    place, last = first - 1, second - 1
    while place & 1:
        place >>= 1
        last >>= 1
    old = new = path[0]
    for sibling, is_left in _climb(place, last, path[1:]):
        if is_left:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    if old != first_root:
        raise BadProof("the older tree has another root")
    if new != second_root:
        raise BadProof("the newer tree has another root")


def _check_hashes(hashes: Sequence[bytes]) -> None:
    """Refuse what is not a SHA-256 hash: an empty or longer one would shift the bytes hashed."""
    if any(len(one) != HASH_SIZE for one in hashes):
        raise BadProof("a hash does not have 32 bytes")
