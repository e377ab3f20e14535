"""A decision that can be carried away: the evidence of a run, its signature, and the gate that reads it."""
