"""What visitors want, in their words and in what was answered: pure rules, no model."""
