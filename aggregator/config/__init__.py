"""From configuration files to one validated `Configuration`, or to every fault with its place.

The way in is `load.load`. Knows the source kinds and the formats only by their registries.

    files ─text─▶ parsing, scalars ─nodes─▶ validation, checks ─models─▶ load ─▶ Configuration
                        └──────── findings ────────┴──────▶ faults with file:line:column
"""
