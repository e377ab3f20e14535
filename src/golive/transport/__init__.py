"""The one way out: requests, tokens, limits, retries."""
