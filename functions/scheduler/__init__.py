"""The Lambda function scheduler."""
