"""Ed25519 of RFC 8032 in plain Python, strict: for a verifier that installs nothing.

Verifying needs no secret. Signing here is not constant-time: it is for the witness on a laptop of
its own, never for a server that strangers can time.
"""

from __future__ import annotations

import hashlib

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_D2 = 2 * _D % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z.
_NEUTRAL = (0, 1, 1, 0)


def _add(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a = (y1 - x1) * (y2 - x2) % _P
    b = (y1 + x1) * (y2 + x2) % _P
    c = t1 * _D2 % _P * t2 % _P
    d = 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _double(one: tuple[int, ...]) -> tuple[int, ...]:
    x, y, z, _ = one
    a = x * x % _P
    b = y * y % _P
    c = 2 * z * z
    h = a + b
    e = h - (x + y) * (x + y)
    g = a - b
    f = c + g
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _negate(one: tuple[int, ...]) -> tuple[int, ...]:
    x, y, z, t = one
    return _P - x, y, z, _P - t


def _find_x(y: int, sign: int) -> int | None:
    """Return the x of a point by RFC 8032 section 5.1.3, None when there is none."""
    above, below = y * y - 1, _D * y * y + 1
    x = above * below**3 * pow(above * below**7 % _P, (_P - 5) // 8, _P) % _P
    square = below * x * x % _P
    if square == -above % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    elif square != above % _P:
        return None
    if x == 0 and sign:
        return None
    return _P - x if x & 1 != sign else x


def _read_point(encoded: bytes) -> tuple[int, ...] | None:
    number = int.from_bytes(encoded, "little")
    y, sign = number & (2**255 - 1), number >> 255
    # A second spelling of the same point would be a second signature for the same words.
    x = _find_x(y, sign) if y < _P else None
    return None if x is None else (x, y, 1, x * y % _P)


def _write_point(one: tuple[int, ...]) -> bytes:
    x, y, z, _ = one
    inverse = pow(z, _P - 2, _P)
    x, y = x * inverse % _P, y * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_BASE_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE_X = _find_x(_BASE_Y, 0) or 0
_BASE = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P)


def _odd_multiples(one: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return 1, 3, 5 … 15 times a point."""
    twice = _double(one)
    multiples = [one]
    for _ in range(7):
        multiples.append(_add(multiples[-1], twice))
    return multiples


def _signed_digits(number: int) -> list[int]:
    """Write a number in odd digits from -15 to 15, four zeros or more after each (5-NAF)."""
    digits = []
    while number:
        digit = 0
        if number & 1:
            digit = number & 31
            if digit > 15:
                digit -= 32
            number -= digit
        digits.append(digit)
        number >>= 1
    return digits


def _sum_of_products(pairs: list[tuple[int, tuple[int, ...]]]) -> tuple[int, ...]:
    """Return the sum of number times point, with one doubling per bit for all of them."""
    rows = [(_signed_digits(number), _odd_multiples(point)) for number, point in pairs]
    total: tuple[int, ...] = _NEUTRAL
    for place in range(max(len(digits) for digits, _ in rows) - 1, -1, -1):
        total = _double(total)
        for digits, multiples in rows:
            digit = digits[place] if place < len(digits) else 0
            if digit > 0:
                total = _add(total, multiples[digit >> 1])
            elif digit < 0:
                total = _add(total, _negate(multiples[-digit >> 1]))
    return total


def _make_windows(point: tuple[int, ...]) -> list[list[tuple[int, ...]]]:
    """Return 1 to 15 times a point, then the same of 16 times the point, 64 times over."""
    windows = []
    for _ in range(64):
        row = [_NEUTRAL, point]
        for _ in range(14):
            row.append(_add(row[-1], point))
        windows.append(row)
        point = _double(_double(_double(_double(point))))
    return windows


# Making windows takes as long as five verifications and makes the later ones three times faster.
_WORTH_WINDOWS = 8
_uses: dict[bytes, int] = {}
_windows: dict[bytes, list[list[tuple[int, ...]]]] = {}


def _find_commitment(
    public_key: bytes, point: tuple[int, ...], answer: int, asked: int
) -> tuple[int, ...]:
    """Return answer times the base point less asked times the key's point."""
    _uses[public_key] = _uses.get(public_key, 0) + 1
    if _uses[public_key] <= _WORTH_WINDOWS:
        return _sum_of_products([(answer, _BASE), (asked, _negate(point))])
    if public_key not in _windows:
        _windows.setdefault(b"", _make_windows(_BASE))
        _windows[public_key] = _make_windows(_negate(point))
    total: tuple[int, ...] = _NEUTRAL
    for number, windows in ((answer, _windows[b""]), (asked, _windows[public_key])):
        for row in windows:
            if number & 15:
                total = _add(total, row[number & 15])
            number >>= 4  # noqa: PLW2901  the next window's digit
    return total


def _hash_number(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % _ORDER


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature holds; about 2 ms. Source: RFC 8032 section 5.1.7."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    point = _read_point(public_key)
    answer = int.from_bytes(signature[32:], "little")
    if point is None or answer >= _ORDER:
        return False
    asked = _hash_number(signature[:32], public_key, message)
    found = _find_commitment(public_key, point, answer, asked)
    return _write_point(found) == signature[:32]


def _read_seed(seed: bytes) -> tuple[int, bytes]:
    hashed = hashlib.sha512(seed).digest()
    secret = int.from_bytes(hashed[:32], "little") & (2**254 - 8) | 2**254
    return secret, hashed[32:]


def public_key_of(seed: bytes) -> bytes:
    """Return the public key of a 32-byte seed. Source: RFC 8032 section 5.1.5."""
    return _write_point(_sum_of_products([(_read_seed(seed)[0], _BASE)]))


def sign(seed: bytes, message: bytes) -> bytes:
    """Sign with a 32-byte seed, on one's own machine. Source: RFC 8032 section 5.1.6."""
    secret, prefix = _read_seed(seed)
    public_key = public_key_of(seed)
    once = _hash_number(prefix, message)
    commitment = _write_point(_sum_of_products([(once, _BASE)]))
    asked = _hash_number(commitment, public_key, message)
    return commitment + ((once + asked * secret) % _ORDER).to_bytes(32, "little")
