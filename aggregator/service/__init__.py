"""Everything in one process: what `aggregator run` starts, watches over, and ends."""
