"""The Lambda function trigger_webhook."""
