"""The contract, row by row, against the real server over a migrated database: HTTP only."""
