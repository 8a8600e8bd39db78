"""A believable invented community to try the product with; refuses a production setting."""

from community.demo.opening import accounts, load

__all__ = ["accounts", "load"]
