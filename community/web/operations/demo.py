"""What the demo shows on the terminal: one account per role."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An invented account: what it may do, and how to sign in with it."""

    role: str
    name: str
    sign_in: str
    password: str
