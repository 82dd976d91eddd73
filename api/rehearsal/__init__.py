"""The real server to test against: data that are reset, a clock that tests set, faults that they order.

Only the command `kiosque rehearse` imports it, so that nothing of it can happen to a live server.
"""
