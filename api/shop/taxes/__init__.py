"""Rates of tax, by class of goods and place."""
