"""Boxes, envelopes, keys, and the encryption in the browser."""
