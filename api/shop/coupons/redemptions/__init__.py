"""Redemptions: which orders use which coupons."""
