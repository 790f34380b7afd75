"""The objects every workspace has, one file each.

Source: reference §10.2; to-many sides are no fields, they are the other object's relations read backwards.
"""
