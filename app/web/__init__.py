"""Owns the shell: layouts, components, static files, languages, formats, error pages. Knows no subject."""
