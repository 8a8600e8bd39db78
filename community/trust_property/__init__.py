"""The owners' fund under a trust: budget, bills, receipts, bank statements and reports.

It knows the fund and who may spend from it, and nothing about projects that others pay with it.
"""
