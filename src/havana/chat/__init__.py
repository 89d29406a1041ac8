"""The domain: facts, the fold, the requests. Pure: no I/O, no async, no clock."""
