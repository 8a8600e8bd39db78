"""The public log: what is published here is hashed into a tree that nobody can change unseen.

It knows no record's meaning.
"""
