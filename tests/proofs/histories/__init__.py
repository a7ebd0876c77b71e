"""Random lives of requests, judged after every step (script/prove histories)."""
