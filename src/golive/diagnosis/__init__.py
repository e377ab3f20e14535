"""From a failed set-up, or a pasted answer, to its cause and its cure."""
