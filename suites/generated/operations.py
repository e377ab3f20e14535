"""The operations of every API, as ids of checks of generated requests call them."""

from __future__ import annotations

from golive import Contract, resources

NAMES = {"sent": "sent-items"}
"""Operations that ids of checks call otherwise than the description does."""

OPERATIONS = {
    NAMES.get(one.name, one.name): one
    for one in Contract(resources() / "schemas").operations.values()
}
"""What an operation is called in ids of checks -> the operation."""
