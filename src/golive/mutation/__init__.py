"""Proof that every check can fail: faults injected into answers, and which checks detect each.

A fault is a mutant (a correct recording with one violation of the contract, judged without any HTTP) or a
defect (the twin injects it over HTTP, and the whole suite runs against it). A fault counts as detected only by a
check that finds it at the place where it is.
"""
