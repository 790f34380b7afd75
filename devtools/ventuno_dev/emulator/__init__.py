"""The embedded emulator: MiniStack in one process, on loopback, with fixes and crash-safe storage.

Nothing in here is imported by the deployed package; `python -m ventuno_dev.emulator` is the only way in.
"""
