"""Serve one personality by hand: `python -m tests.strangers --personality NAME --port N`."""

from __future__ import annotations

import argparse
import json
import threading

from . import PERSONALITIES, Stranger


def main() -> None:
    """Read the command line and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.strangers", description=__doc__)
    parser.add_argument(
        "--personality", default="baseline", choices=sorted(PERSONALITIES), metavar="NAME"
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tls", action="store_true", help="https, with a CA made for this run")
    parser.add_argument("--list", action="store_true", help="list the personalities and stop")
    options = parser.parse_args()
    if options.list:
        for personality in PERSONALITIES.values():
            doubt = f" (Doubt: {personality.doubt})" if personality.doubt else ""
            print(f"{personality.name:32} {personality.honest}{doubt}")
        return
    with Stranger(
        options.personality, seed=options.seed, port=options.port, tls=options.tls
    ) as stranger:
        print(json.dumps(_card(stranger), indent=2), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


def _card(stranger: Stranger) -> dict[str, object]:
    """What a user needs to know: addresses, accounts and patients, all of them invented."""
    return {
        "url": stranger.url,
        "facts": stranger.facts,
        "messages_url": stranger.messages_url(),
        "accounts": {
            name: {
                "client_id": account.client_id,
                "secret": account.secret,
                "scopes": account.scopes,
                "tenants": account.tenants,
                "kid": account.kid,
                "private_key_pem": account.private_key_pem,
            }
            for name, account in stranger.accounts.items()
        },
        "patients": {
            patient.name: {"id": patient.id, "tenant": patient.tenant, "inbox": patient.inbox}
            for patient in stranger.patients.values()
        },
        "recipients": [{"id": each.id, "type": each.type} for each in stranger.recipients],
    }


if __name__ == "__main__":
    main()
