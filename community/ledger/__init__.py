"""The books: units, accounts, entries, holds and periods; it never knows why anything moved."""
