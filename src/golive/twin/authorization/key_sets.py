"""The key set of one cloud (RFC 7517 §5), and what can be wrong with a key of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from golive.twin.http import Ask, json_answer
from golive.twin.names import PRODUCTION_CLOUD, SANDBOX_CLOUD

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.world import World


def key_set(world: World, ask: Ask) -> Response:
    """Publish the JSON Web Key Set of the cloud (RFC 7517 §5)."""
    ring = world.keys[ask.host]
    if ask.host == PRODUCTION_CLOUD:
        world.key_sets_read += 1
    second = world.key_sets_read % 2 == 0
    one_generation = world.injects("key-set-holds-one-generation")
    keys = ring.in_use() if one_generation else ring.published()
    third = world.key_sets_read % 3 == 0
    if (
        world.injects("signing-key-missing-from-key-set")
        or (second and world.injects("every-second-key-set-lacks-the-signing-key"))
        or (third and world.injects("every-third-key-set-lacks-the-signing-key"))
    ):
        keys = [key for key in keys if key is not ring.signing]
    if world.injects("key-set-holds-another-key-of-that-id"):
        keys = [ring.impostor if key is ring.signing else key for key in keys]
    if second and world.injects("key-set-changes-a-key-under-its-kid"):
        keys = [ring.stranger if key is ring.outgoing else key for key in keys]
    if world.injects("other-clouds-keys-in-key-set"):
        keys = [*keys, *world.keys[SANDBOX_CLOUD].in_use()]
    private = world.injects("private-key-in-key-set")
    entries: list[dict[str, Any]] = [dict(key.as_dict(private=private)) for key in keys]
    return json_answer(200, {"keys": entries}, {"Cerner-Correlation-ID": str(uuid.uuid4())})
