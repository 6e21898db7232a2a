"""Whether an article is new, changed, the same or a copy; pure, on what the store knows."""
