"""The database: its tables, its one connection, its transactions and its history."""
