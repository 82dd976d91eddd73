"""Mails about orders: each is asked for in the transaction of what it tells, and written when it is sent."""
