"""Who must read what, questions on clauses, acknowledgement of what changed for a person."""
