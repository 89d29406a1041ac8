"""The only SQL. Modules hold plain functions over a connection; `Database` runs them and commits in groups."""
