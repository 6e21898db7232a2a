"""From configuration files to one validated `Configuration`, or to every fault with its place."""
