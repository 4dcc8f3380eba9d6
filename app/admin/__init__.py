"""The administrator's pages: people and roles, the activity log, the health of the house."""
