"""What several files of these checks say in the same words: sources, places in a request, numbers of the contract."""

ENDPOINT = "contract-facts §4.1"
LISTS = "contract-facts §2.1, §2.2"
SEND = "contract-facts §2.4"

AUTHORIZATION = "request:header:Authorization"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FULL = 1000
"""Items of a list from which it is full: the only legal limit (contract-facts §2.1)."""
