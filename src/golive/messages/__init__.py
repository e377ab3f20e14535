"""What only the Messages API knows."""
