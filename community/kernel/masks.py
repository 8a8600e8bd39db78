"""How people appear in public: 王** and 138****0000."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """Show the first character of a name and two stars."""
    return f"{name[:1]}**" if name else ""


def mask_phone(phone: str) -> str:
    """Show the first three and the last four digits of a phone number."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"
