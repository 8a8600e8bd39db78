"""Reading banks' statements as they come; knows no database and no page.

A file becomes grids (`kernel.sheets`) or entries (`electronic`); a grid gets a table (`tables`),
its columns get meanings (`words`, `columns`), amounts get their sign, which the running balance
proves (`signs`), and each row becomes a line, or is left out for a reason (`rows`). `reading` is
the whole way; what stays unsure becomes a question.
"""
