"""The Lambda function run_events."""
