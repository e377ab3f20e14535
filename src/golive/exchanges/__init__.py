"""One recorded request and its response; exchanges are declared, ordered, and made once."""
