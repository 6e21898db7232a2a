"""One category in, its files out: only what changed, and never half a file."""
