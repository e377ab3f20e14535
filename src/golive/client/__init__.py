"""The judge of a client: what the twin was asked, as exchanges seen from the other side, and the checks over them."""
