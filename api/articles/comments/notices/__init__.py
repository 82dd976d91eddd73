"""Mails about comments: to moderators those that wait, to their authors the answers to theirs."""
