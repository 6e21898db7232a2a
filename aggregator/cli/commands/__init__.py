"""The commands, one function each: read the words, call the floor below, print, leave.

Libraries that take long to load are imported inside the commands, so that `--help` answers at once.
"""
