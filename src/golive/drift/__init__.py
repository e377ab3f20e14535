"""Drift: what a deployment's answers look like, and what has changed since an earlier look.

Oracle publishes no change log for these APIs (contract-facts §0), so each run leaves a fingerprint: the shape
of every answer, never its values. Two fingerprints are compared situation by situation. Data
differ from run to run, so a member that may be absent and was merely not seen is no change.
"""
