"""Notes each connection of a process and who made it: a pytest plugin for the runs under test."""

import json
import os
import sys
import traceback

LOG = os.environ["CONNECTION_LOG"]


def note(event: str, arguments: tuple[object, ...]) -> None:
    """Write a line for each attempt to connect (an audit hook can't be taken off)."""
    if event == "socket.connect":
        stack = [frame.filename.replace("\\", "/") for frame in traceback.extract_stack()]
        by_client = any(name.endswith("/golive/transport/client.py") for name in stack)
        address = list(arguments[1]) if isinstance(arguments[1], tuple) else repr(arguments[1])
        line = {"address": address, "by_client": by_client, "stack": stack}
        with open(LOG, "a", encoding="utf-8") as log:  # noqa: PTH123 - as little as can be
            log.write(json.dumps(line) + "\n")


sys.addaudithook(note)
