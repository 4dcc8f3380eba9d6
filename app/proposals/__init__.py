"""Triage, duplicates, the panel's score cards and the ranking of revisions that are still proposals."""
