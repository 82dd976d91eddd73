"""Brings in what other systems export: a file becomes plain records, then rows by the rules."""
