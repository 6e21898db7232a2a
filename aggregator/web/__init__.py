"""The HTTP side: published files out of memory, article pages on request, and health.

Feeds are files made from content alone, so serving them needs no database: when the store is gone,
only article pages answer 503. Nothing here writes, fetches or decides anything.
"""
