"""Rows of staff users (main) and of their sessions, one-time links and tried codes (live)."""

import datetime as dt

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, DateTime, ForeignKey, Integer, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import UNORDERED, Id, LiveBase, MainBase, new_id

ROLES = ("guardian", "leader", "admin", "peer", "overseer")


class Person(MainBase):
    """Someone who signs in at the desk. Secrets are sealed under her passphrase."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("(verifier IS NULL) = (salt IS NULL)", name="verifier_with_salt"),
        CheckConstraint("(totp IS NULL) = (verifier IS NULL)", name="two_factors_or_none"),
    )

    id: Mapped[bytes] = mapped_column(Id, primary_key=True, default=new_id)
    #: lower case
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    #: some of ROLES; a guardian is neither leader nor admin
    roles: Mapped[list[str]] = mapped_column(JSON)
    #: Argon2id's salt; null until her first session
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    #: SHA-256 of the verifier half of Argon2id's output
    verifier: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    #: a guardian's 64-byte secret, sealed under the key-encryption key
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: the TOTP secret, sealed under the key-encryption key
    totp: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: the last TOTP step used: a code works once
    totp_step: Mapped[int] = mapped_column(Integer, default=0)
    #: a guardian's public keys, as offered to the manifest (the manifest decides, not this row)
    kem_public: Mapped[bytes | None] = mapped_column(LargeBinary)
    sign_public: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: her signed note of the newest manifest she saw
    seen_manifest: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: where she made new keys: her old secret, sealed to the new one until her flags are brought over
    carried: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: her newest keys follow from a use of her recovery shares
    recovered: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class Recovery(MainBase):
    """A guardian's KEM seed, sealed to a key that stands on paper only, in three shares of which two are enough."""

    __tablename__ = "recovery"

    person_id: Mapped[bytes] = mapped_column(Id, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    #: the id of the KEM key whose seed it is
    kid: Mapped[bytes] = mapped_column(Id)
    box: Mapped[bytes] = mapped_column(LargeBinary)
    #: who holds the shares, in their order
    custodians: Mapped[list[str]] = mapped_column(JSON)
    made_on: Mapped[dt.date] = mapped_column(Date)
    #: the last day on which two shares were tried and would have worked
    tried_on: Mapped[dt.date | None] = mapped_column(Date)


class DeskSession(LiveBase):
    """A signed-in session. Without its cookie it opens nothing; without this row neither does the cookie."""

    __tablename__ = "desk_session"
    __table_args__ = (UNORDERED,)

    #: SHA-256 of the id in the cookie
    id_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[bytes] = mapped_column(Id)
    #: a guardian's secret (or 64 zero bytes), sealed under the key in the cookie
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    started_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    seen_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class Invitation(LiveBase):
    """A one-time link with which a person chooses her passphrase and, as a guardian, makes her keys."""

    __tablename__ = "invitation"
    __table_args__ = (UNORDERED,)

    #: SHA-256 of the token in the link
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[bytes] = mapped_column(Id, default=new_id)
    expires_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class CodeTries(LiveBase):
    """Codes tried by somebody who knew the passphrase, since the last right one."""

    __tablename__ = "code_tries"
    __table_args__ = (UNORDERED,)

    person_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    #: no further code is looked at before this moment
    until: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
