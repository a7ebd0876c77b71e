"""Which programs act for the signed-in person."""
