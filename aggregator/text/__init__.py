"""Floor 1: tools over text, markup, dates and addresses; they know nothing of the pipeline."""
