"""Machinery without a subject: database, clock, errors, access, events, jobs, activity log."""
