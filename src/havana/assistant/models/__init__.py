"""Opens the models that may write, and speaks to them: chains, providers, prices, what their servers do differently."""
