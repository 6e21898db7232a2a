"""Which articles stay and which go, as the configuration says; pure functions over articles."""
