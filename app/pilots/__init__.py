"""Pilots: scopes, measures fixed beforehand, readings, verdict, and the pilot text over the text in force."""
