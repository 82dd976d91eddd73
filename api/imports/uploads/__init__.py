"""Imports over HTTP: a file waits on this machine until a process of its own has imported it."""
