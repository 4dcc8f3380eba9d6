"""Review rounds, threads on clauses, checklists, sign-offs bound to clause hashes, delegation."""
