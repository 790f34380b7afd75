"""The Lambda function step_runner."""
