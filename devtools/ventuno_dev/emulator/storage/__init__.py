"""Storage: one log file that any kill leaves readable, and what of each service goes into it.

`frames` and `operations` are pure; `log` owns the file; `stores` and its siblings know MiniStack's services.
"""
