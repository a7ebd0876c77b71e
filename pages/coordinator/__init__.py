"""What coordinators see."""
