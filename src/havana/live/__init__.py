"""The live channel: everything that visitors and agents see at once passes over one WebSocket each."""
