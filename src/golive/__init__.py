"""A contract suite for Millennium Messages: does a deployment keep its contract, and can one be sure."""

__version__ = "0.1.0"
