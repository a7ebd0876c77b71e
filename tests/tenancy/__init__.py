"""Who may open what: every address, every role, what is hers and what is not."""
