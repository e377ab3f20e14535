"""Mutants of the twin's own source, for a score that does not rest on what golive's authors thought of.

`without_defects` gives the source of the fault-free twin, `operators` the ways in which a line can be wrong, `mutants`
all that they make of it, `runs` the whole suite against each, and `score` what all of that comes to.
"""
