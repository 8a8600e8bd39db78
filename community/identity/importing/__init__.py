"""Reading residents' sheets as offices really have them; knows no database and no page.

A file becomes grids of cells (`files`), a grid gets a layout (`layout`), each row is read into
lines and mistakes (`reading`), and lines are compared with who is known (`comparing`).
Identity-card numbers are replaced by the birth date they hold before anything is kept.
"""
