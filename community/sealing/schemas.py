"""The shapes of what pages and the API send."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from marshmallow import Schema, ValidationError, post_load

from community.kernel.errors import N_
from community.sealing.service import GivenShare
from community.web.fields import ApiShape, Shape, Words

KEY_LETTERS = 64
MOST_ENVELOPES = 1_000
_KEY_WRONG = N_("密钥要有 64 个字符，请重新选择密钥文件。")
_SHARES_WRONG = N_("这里要粘贴开启页或离线页给出的份额，请重新生成。")


class KeyFields(Schema):
    """A public key as base64."""

    public_key = Words(required=True, longest=100)

    @post_load
    def _bytes(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        try:
            point = base64.b64decode(given["public_key"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError(
                {"public_key": [N_("这不是可用的公钥，请重新生成后再提交。")]}
            ) from error
        return {"public_key": point}


class KeyForm(Shape, KeyFields):
    """Register a key."""


class KeyBody(ApiShape, KeyFields):
    """Register a key, over the API."""


class SharesFields(Schema):
    """Shares as the browser writes them: a JSON list of envelope numbers and hexadecimal shares."""

    shares = Words(required=True, longest=200_000)

    @post_load
    def _shares(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        try:
            words = json.loads(given["shares"])
            found = tuple(_share(each) for each in words)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise ValidationError({"shares": [_SHARES_WRONG]}) from error
        if not 0 < len(found) <= MOST_ENVELOPES:
            raise ValidationError({"shares": [_SHARES_WRONG]})
        return {"shares": found}


class SharesForm(Shape, SharesFields):
    """Give one's shares."""


class SharesBody(ApiShape, SharesFields):
    """Give one's shares, over the API."""


class OwnKeyBody(ApiShape):
    """Open one's own envelope, over the API: its key in hexadecimal."""

    key = Words(required=True, longest=KEY_LETTERS)

    @post_load
    def _key(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"key": read_key(given["key"])}


class PassedKey(Schema):
    """What an owner's key file says."""

    box = Words(required=True, longest=32)
    owner = Words(required=True, longest=120)
    key = Words(required=True, longest=KEY_LETTERS)
    format = Words(required=True, longest=60)
    subject = Words(required=True, longest=120)


def read_key(text: str) -> bytes:
    """Read a key in hexadecimal; raises ValidationError."""
    try:
        found = bytes.fromhex(text)
    except ValueError as error:
        raise ValidationError({"key": [_KEY_WRONG]}) from error
    if len(text) != KEY_LETTERS or len(found) * 2 != KEY_LETTERS:
        raise ValidationError({"key": [_KEY_WRONG]})
    return found


def _share(words: Any) -> GivenShare:
    number, share = words["envelope"], words["share"]
    if type(number) is not int or not 0 < number < 10**15:
        raise ValueError("no envelope")
    return GivenShare(number, None if share is None else _bytes(share))


def _bytes(text: str) -> bytes:
    found = bytes.fromhex(text)
    if len(found) * 2 != KEY_LETTERS:
        raise ValueError("another length")
    return found
