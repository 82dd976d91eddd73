"""The proof that an account's e-mail address is its own: a link that only its mailbox gets."""
