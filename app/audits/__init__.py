"""Plans, draws, scorecards from the clauses in force, findings, appeals, compliance rates."""
