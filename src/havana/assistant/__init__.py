"""Writes answers: runs a model on a conversation, with tools, fenced by the desk."""
