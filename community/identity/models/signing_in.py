"""How people prove who they are: sessions, passwords, codes and the throttle's attempts.

No secret stands here in plain: codes and tokens are kept as a keyed hash, and those that must be
printed again are derived from the installation's key and the row's `nonce`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, BigId, choice


class SignInWay(StrEnum):
    """How a session was begun."""

    PHONE_CODE = "phone-code"
    PASSWORD = "password"  # noqa: S105  a way, not a secret
    LETTER = "letter"
    DESK_SLIP = "desk-slip"
    TESTS = "tests"


class CodeKind(StrEnum):
    """What a one-time code proves."""

    PHONE = "phone"
    DESK_SLIP = "desk-slip"
    CHOICE = "choice"
    NEW_PHONE = "new-phone"


class Password(Base):
    """A person's password as an argon2id hash (19 MiB, t = 2, p = 1)."""

    __tablename__ = "password"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]


class SignInSession(Base):
    """A signed-in device; ending the row ends every copy of its cookie."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_sign_in_session_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[bytes]
    way: Mapped[SignInWay] = mapped_column(choice(SignInWay, "way"))
    device: Mapped[str] = mapped_column(String(60), default="")
    begun_at: Mapped[datetime]
    # Coarse: touched at most twice a day.
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # For whom this device acts now (代办), if for somebody; the right to it is judged each time.
    acts_for: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class OneTimeCode(Base):
    """A code that proves one thing once: a number, a visit to the desk, a choice of person."""

    __tablename__ = "one_time_code"
    __table_args__ = (
        CheckConstraint("attempts_left >= 0", name="attempts"),
        Index("ix_one_time_code_kind_lookup", "kind", "lookup"),
        Index("ix_one_time_code_address_made_at", "address", "made_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    kind: Mapped[CodeKind] = mapped_column(choice(CodeKind, "kind"))
    # Keyed hash of what the code is looked up by: the number, or the code itself.
    lookup: Mapped[bytes]
    code_hash: Mapped[bytes]
    nonce: Mapped[bytes]
    number: Mapped[str] = mapped_column(String(20), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    household_id: Mapped[int | None]
    invitation_id: Mapped[int | None]
    # How the choosing person was proved, for a code of kind CHOICE.
    way: Mapped[SignInWay | None] = mapped_column(choice(SignInWay, "way"))
    candidates: Mapped[str] = mapped_column(String(400), default="")
    # Keyed hash of the network address that asked, so that nobody texts a whole town.
    address: Mapped[bytes | None]
    attempts_left: Mapped[int] = mapped_column(default=5)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """An attempt to sign in, by the keyed hashes of account and network address."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_account_tried_at", "account", "tried_at"),
        Index("ix_sign_in_attempt_address_tried_at", "address", "tried_at"),
        Index("ix_sign_in_attempt_tried_at", "tried_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    account: Mapped[bytes]
    address: Mapped[bytes]
    tried_at: Mapped[datetime]
    was_right: Mapped[bool] = mapped_column(default=False)
