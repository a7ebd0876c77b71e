"""What volunteers see."""
