"""`aggregator preview`: what would come out of a source, on the terminal, as a page, as data.

looking ─Preview─▶ story ─facts of each entry─▶ terminal | page
└──▶ data
"""
