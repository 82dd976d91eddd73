"""Codes by mail, with which one logs in without a password, on the page that has asked for the code."""
