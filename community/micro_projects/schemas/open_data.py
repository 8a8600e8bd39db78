"""What a reader of the open data may ask."""

from __future__ import annotations

from community.web.fields import ApiShape, Whole


class FeedQuery(ApiShape):
    """From which place on."""

    after = Whole(load_default=0)
