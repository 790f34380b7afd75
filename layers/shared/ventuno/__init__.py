"""Ventuno: CRM workflow automations compiled into AWS Step Functions."""

import gc

# Loading makes a hundred thousand objects that live as long as the process; to search them for garbage every
# 700 is a twentieth of a cold start. Not rarer than this: what waits to be collected counts as memory.
gc.set_threshold(10_000, 20, 100)
