"""Commands of the public log: they publish what other rooms say and never know what it means."""

from community.transparency.service.publishing import forget, hide, publish, publish_bytes

__all__ = ["forget", "hide", "publish", "publish_bytes"]
