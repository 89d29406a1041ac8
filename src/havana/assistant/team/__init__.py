"""What is written for the people who take over: summaries, suggestions, rewrites."""
