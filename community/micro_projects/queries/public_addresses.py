"""The public addresses of pages and files, written into open data where no request is at hand."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel.tables import Community

_site = ""


def use_site(address: str) -> None:
    """Tell at which address the site stands, without a slash at its end; assembly does so once."""
    global _site  # noqa: PLW0603  a setting of the process
    _site = address


def public_address(session: Session, community_id: int, path: str) -> str:
    """Give the whole address of a community's public page; "" where the site has none."""
    if not _site:
        return ""
    return f"{_site}/c/{session.get_one(Community, community_id).slug}/{path}"
