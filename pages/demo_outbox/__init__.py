"""What the demo's telephones and mailboxes received; only in the demonstration."""
