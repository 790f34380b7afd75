"""The Lambda function record_events."""
