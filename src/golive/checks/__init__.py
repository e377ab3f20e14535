"""What a check may say, and what a run is worth."""
