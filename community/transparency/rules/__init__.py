"""Decisions of the public log on plain values: tree, tiles, notes, signatures.

Python's standard library only: `verify.py`, which people download, is generated from these files.
"""
