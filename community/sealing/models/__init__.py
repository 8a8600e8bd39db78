"""The tables of sealing, split by business word."""

from community.sealing.models.boxes import Box, Opener
from community.sealing.models.envelopes import Content, Envelope, Opening, Share
from community.sealing.models.keys import OpenerKey

__all__ = ["Box", "Content", "Envelope", "Opener", "OpenerKey", "Opening", "Share"]
