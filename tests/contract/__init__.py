"""docs/contract.md, rule by rule, against the real server over a migrated database: HTTP only."""
