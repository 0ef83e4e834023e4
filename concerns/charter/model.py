"""Rows of the charter: the chain of manifests and the chain of policies, with their signatures."""

from sqlalchemy import JSON, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from concerns.store.base import MainBase


class CharterPage(MainBase):
    """One version of the manifest or of the policy. A draft until enough guardians signed."""

    __tablename__ = "charter_page"

    #: "manifest" or "policy"
    chain: Mapped[str] = mapped_column(String(8), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    #: canonical JSON: these very bytes are signed
    document: Mapped[bytes] = mapped_column(LargeBinary)
    #: {kid in hex: signature in hex}
    signatures: Mapped[dict[str, str]] = mapped_column(JSON)
