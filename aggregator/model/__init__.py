"""Floor 0: the types that travel between the stages; no logic, no I/O, no other module of ours."""
