"""Ports on DynamoDB; numbers and errors are translated in one place each."""
