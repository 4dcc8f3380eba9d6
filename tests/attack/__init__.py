"""The attack: hostile words, hosts, sizes and races against the running house."""
