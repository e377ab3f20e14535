"""golive: does this Millennium Messages deployment keep its contract, and can the answer be trusted?"""

__version__ = "0.1.0"
