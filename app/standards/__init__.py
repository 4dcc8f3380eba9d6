"""The standard, its clauses, measures, texts, revisions and workflow: the heart of the house."""
