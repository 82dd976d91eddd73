"""Imports from other systems: a file becomes plain records, and these become rows by the rules."""
