"""Cron expressions: read as people write them, told in Scheduler's form, and when they fire. Pure."""
