"""The wall between pools: every address, every method, every role, own and foreign."""
