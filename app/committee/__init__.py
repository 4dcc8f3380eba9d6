"""The standards committee: meetings whose agenda gathers itself, briefs, decisions, minutes, budget lines."""
