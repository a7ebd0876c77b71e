"""Proofs: what holds when twenty people press at once, and that it fails without the protection."""
