"""The Lambda function api."""
