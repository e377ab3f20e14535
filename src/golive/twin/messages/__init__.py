"""The twin's Messages API."""
