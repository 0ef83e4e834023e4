"""Rows of staff users (main) and of their sessions, one-time links, tried codes and open questions (live)."""

import datetime as dt

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    false,
)
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
    #: she was invited as a stand-in (the manifest decides, once her keys are in it)
    stand_in: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    #: “issuer|subject” of the account in the organisation's directory that she signs in with; never a guardian's
    outside: Mapped[str | None] = mapped_column(String(512), unique=True, index=True)
    #: the day on which an admin said that she leaves
    leaving_since: Mapped[dt.date | None] = mapped_column(Date)
    #: from this day on she signs in by no way; her name stays for the log
    shut_on: Mapped[dt.date | None] = mapped_column(Date)
    #: the roles she had until then
    former_roles: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")


class Passkey(MainBase):
    """A public key whose other half a device of hers keeps: a second factor beside the codes of an app."""

    __tablename__ = "passkey"

    id: Mapped[bytes] = mapped_column(Id, primary_key=True, default=new_id)
    person_id: Mapped[bytes] = mapped_column(Id, ForeignKey("person.id", ondelete="CASCADE"))
    #: what her device calls it, at most 1023 bytes
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    #: a COSE key
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    #: how often the device says that it was used; 0 for ever where it does not count
    sign_count: Mapped[int] = mapped_column(BigInteger)
    #: what she calls it
    name: Mapped[str] = mapped_column(String(60))
    added_on: Mapped[dt.date] = mapped_column(Date)


class PeerTerm(MainBase):
    """From when until when a peer may look. It stays when her account is gone: it says how often somebody came."""

    __tablename__ = "peer_term"

    person_id: Mapped[bytes] = mapped_column(Id, primary_key=True)
    first: Mapped[dt.date] = mapped_column(Date)
    #: the last day on which she may
    last: Mapped[dt.date] = mapped_column(Date)


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
    """Wrong codes of somebody who knew the passphrase, or wrong passphrases for one address, since the last right one."""

    __tablename__ = "code_tries"
    __table_args__ = (UNORDERED,)

    #: a person's id, or what stands for an address at the door, whether anybody has it or not
    whose: Mapped[bytes] = mapped_column(Id, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    #: nothing further is looked at before this moment
    until: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class Asked(LiveBase):
    """What one browser was asked and must answer within minutes, once. Without that browser's cookie it opens nothing."""

    __tablename__ = "asked"
    __table_args__ = (UNORDERED,)

    #: SHA-256 of the id in the cookie
    id_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    #: one of the kinds in `asking.py`
    kind: Mapped[str] = mapped_column(String(12))
    #: what has to be known again at the answer, sealed under the key in the cookie
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
