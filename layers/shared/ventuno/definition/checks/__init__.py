"""Every check of a definition: each rule is a function that yields findings.

All rules run, all findings count.
"""
