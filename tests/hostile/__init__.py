"""The server among those who mean it no good, or do not know what they do."""
