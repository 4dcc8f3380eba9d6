"""The desk and the figures that many rooms make together."""
