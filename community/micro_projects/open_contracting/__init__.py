"""Open contracting data (OCDS 1.1.5) as pure functions of plain values.

It writes releases, merges them into records, packs them and finds what is wrong with them, and
imports nothing of the house: so data that others published is read and judged the same way.
"""
