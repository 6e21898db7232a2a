"""The ledger as a file: written out of one database, read into another, of either kind.

`lines` says what such a file holds, `writing` makes one, `reading` takes one in.
Why it is so: docs/decisions/410.
"""
