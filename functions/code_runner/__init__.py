"""The Lambda function code_runner."""
