"""Ventuno: CRM workflow automations compiled into AWS Step Functions."""

import gc

# Loading makes a hundred thousand objects that live as long as the process. To search them for garbage time
# and again is a tenth of a cold start, and of every call after it.
gc.set_threshold(100_000, 20, 100)
