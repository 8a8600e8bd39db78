"""What an auditor's program does with the files of a log: read, re-hash, re-add, compare.

Python's standard library only, 3.8 or newer: with the rules of the tree it becomes `verify.py`.
"""
