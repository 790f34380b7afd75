"""The record API in the reference's shape: a table of routes, one module per concern.

Source: reference §10.6
"""
