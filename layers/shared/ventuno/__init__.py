"""Ventuno: CRM workflow automations compiled into AWS Step Functions."""
