"""The floor: the requests of a run, sent again by a bare httpx client, as many at a time as golive sends.

python benchmarks/replayed.py RECORDED CONCURRENCY
"""

from __future__ import annotations

import base64
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx


def replay(recorded: Path, concurrency: int) -> list[int]:
    """Send the requests and return the statuses."""
    requests = json.loads(recorded.read_text(encoding="utf-8"))["requests"]
    with httpx.Client(trust_env=False) as client, ThreadPoolExecutor(concurrency) as pool:

        def send(one: dict[str, Any]) -> int:
            headers = [tuple(pair) for pair in one["headers"]]
            content = base64.b64decode(one["body"]) or None
            answer = client.request(one["method"], one["url"], headers=headers, content=content)
            return answer.status_code

        return list(pool.map(send, requests))


if __name__ == "__main__":
    replay(Path(sys.argv[1]), int(sys.argv[2]))
