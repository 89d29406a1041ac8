"""Havana: website chat in which an assistant answers and a person can take over at any moment."""

__version__ = "0.1.0"
