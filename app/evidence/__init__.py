"""Tickets, complaints, surveys, suggestions, metrics: imports and masking, what they say about our standards."""
