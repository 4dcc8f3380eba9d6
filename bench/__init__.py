"""Measurements of the product, each one command that prints its numbers beside a limit taken in the same run."""
