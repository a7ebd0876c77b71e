"""What requesting institutions see."""
