"""The log of everything that happens, which mirrors, webhooks and mails read."""
