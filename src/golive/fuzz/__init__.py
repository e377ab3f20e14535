"""Generated requests: what schemathesis and hypothesis think of and no person would type.

`strata` lists the kinds of unusual input for each operation, `exploring` lets hypothesis draw from them,
sends what it draws through the one door and shrinks what breaks a rule, `rules` says what an answer to
any request whatever must keep. Only `by_schema`, `unusual`, `strata` and `exploring` need the two libraries, and
only a run with `--generated` imports them.
"""
