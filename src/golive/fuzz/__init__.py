"""Generated requests: what schemathesis and hypothesis think of and no person would type.

`categories` lists the kinds of unusual input for each operation, `explore` lets hypothesis draw from them, sends what
it draws through the client and shrinks what breaks a rule, `rules` says what an answer to any request must keep.
What only an API's own folder knows comes in by hooks (`golive.checks.hooks`). Only `values`, `categories`
and `explore` need the two libraries, and only a run with `--generated` imports them.
"""
