"""Tokens in the links of mails, each for one purpose, one account and one address, and once."""
