"""What everybody sees: start, registering, the footer pages."""
