"""The ground floor: database, writer, clock, ids, events, refusals, actors, jobs and files.

It does not know Flask, people's names or money.
"""
