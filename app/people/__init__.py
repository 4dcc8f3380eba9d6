"""Accounts, departments, teams, regions, roles with scope, absence and backups, sign-in."""
