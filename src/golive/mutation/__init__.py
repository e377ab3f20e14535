"""Proof that every check can fail: faults injected into answers, and which checks detect each.

A lie is a mutant (an honest recording with one violation of the contract, judged without any HTTP) or a
defect (the twin tells it over HTTP, and the whole suite runs against it). A lie counts as noticed only by a
check that finds it at the place where it is.
"""
