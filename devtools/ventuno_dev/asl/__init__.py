"""An interpreter of state machines in JSONata mode, in virtual time and in process.

It knows what compiled machines use and refuses everything else, so no field is ever silently ignored.
"""
