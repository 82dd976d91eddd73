"""Changes of an account's e-mail address: confirmed by the new address, and undone by the old one."""
