"""The demo: its people, standards, made-up tickets and story, built with the verbs of the product."""
