"""The HTTP side: published files, article pages and health, out of memory where possible."""
