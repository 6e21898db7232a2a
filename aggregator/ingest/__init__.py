"""One source in, one SourceResult out, whatever happens."""
