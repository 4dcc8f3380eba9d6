"""The stored notifications, the daily digest, e-mail."""
