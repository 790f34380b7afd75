"""The stack on this machine or elsewhere: build, deploy, life cycle, and where to reach it."""
