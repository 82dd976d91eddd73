"""A provider that moves no money: buyers choose how their payment ends."""
