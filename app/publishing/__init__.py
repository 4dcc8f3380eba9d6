"""Versions, effective dates, transition, outputs, the undo window, take-effect."""
