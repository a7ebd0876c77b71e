"""Benches: how long things take, each with a server and a database of its own."""
