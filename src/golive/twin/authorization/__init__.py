"""The twin's authorization server and the gateway in front of the APIs."""
