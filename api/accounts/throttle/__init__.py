"""The throttle on guessing passwords."""
