"""Storage: the database, its transactions and its schema, for SQLite and PostgreSQL alike."""
