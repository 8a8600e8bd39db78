"""Read-only pages across rooms: the front page, home, my page, the desk's first page, figures.

It keeps nothing and decides nothing; every number comes from the door of the room that owns it.
"""
