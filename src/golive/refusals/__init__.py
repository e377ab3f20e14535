"""A valid request, one change, and the refusal that is due."""
