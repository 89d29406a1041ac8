"""What the assistant knows: articles, cut into passages, found by question."""
