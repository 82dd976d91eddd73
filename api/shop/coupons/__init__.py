"""Coupons: codes that take something off an order, each as often as it may."""
