"""Chromium, driven through the pipe of its developer tools: pages ask, and what they asked is written as a HAR.

The archive has what «Save all as HAR» of the developer tools has: their own events, without what they leave out
(`Authorization`, cookies).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSER = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
LEFT_OUT = frozenset({"authorization", "cookie", "set-cookie"})


def har_of(script: str, page: str, folder: Path) -> dict[str, Any]:
    """Open a page in Chromium, run a script in it that returns a promise, and return what the network did."""
    to_browser, ours_out = os.pipe()
    ours_in, from_browser = os.pipe()

    def wire() -> None:  # Chromium reads from 3 and writes to 4
        for source, target in ((to_browser, 3), (from_browser, 4)):
            os.dup2(source, target, inheritable=True)

    # The numbers that Chromium wants must be free before they are given away.
    high = [os.dup2(one, 50 + index) for index, one in enumerate((to_browser, from_browser))]
    to_browser, from_browser = high
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--disable-web-security", f"--user-data-dir={folder}", "--remote-debugging-pipe",
    ]  # fmt: skip
    with subprocess.Popen(
        command, pass_fds=(3, 4), preexec_fn=wire, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:  # fmt: skip
        try:
            tools = _Tools(ours_in, ours_out)
            target = tools.call("Target.createTarget", url="about:blank")["targetId"]
            tools.session = tools.call("Target.attachToTarget", targetId=target, flatten=True)[
                "sessionId"
            ]
            tools.call("Network.enable")
            tools.call("Page.enable")
            tools.call("Page.navigate", url=page)
            tools.until("Page.loadEventFired")
            tools.call("Runtime.evaluate", expression=script, awaitPromise=True)
            return tools.archive()
        finally:
            process.kill()


class _Tools:
    """The developer tools' protocol: a call, its result, and the events on the way."""

    def __init__(self, reading: int, writing: int) -> None:
        self._messages = self._read(reading)
        self._writing = writing
        self._count = 0
        self.session = ""
        self.events: list[dict[str, Any]] = []

    @staticmethod
    def _read(descriptor: int) -> Iterator[dict[str, Any]]:
        rest = b""
        while piece := os.read(descriptor, 65536):
            *whole, rest = (rest + piece).split(b"\0")
            yield from map(json.loads, whole)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        message |= {"sessionId": self.session} if self.session else {}
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        for answer in self._messages:
            if answer.get("id") == self._count:
                return answer.get("result", {})
            self.events.append(answer)
        raise AssertionError(f"Chromium ended before it answered {method}")

    def until(self, event: str) -> None:
        if not any(one.get("method") == event for one in self.events):
            for answer in self._messages:
                self.events.append(answer)
                if answer.get("method") == event:
                    return

    def archive(self) -> dict[str, Any]:
        """Return what was asked and answered as an archive, as the developer tools export it."""
        asked: dict[str, dict[str, Any]] = {}
        for event in self.events:
            known = event.get("params", {})
            match event.get("method"):
                case "Network.requestWillBeSent":
                    asked[known["requestId"]] = known
                case "Network.responseReceived":
                    asked[known["requestId"]]["response"] = known["response"]
        entries = [self._entry(name, one) for name, one in asked.items() if "response" in one]
        return {
            "log": {
                "version": "1.2",
                "creator": {"name": "WebInspector", "version": "537.36"},
                "entries": entries,
            }
        }

    def _entry(self, name: str, one: dict[str, Any]) -> dict[str, Any]:
        request, response = one["request"], one["response"]
        body = self.call("Network.getResponseBody", requestId=name)
        content = {
            "size": int(response.get("encodedDataLength", 0)),
            "mimeType": response["mimeType"],
        }
        if "body" in body:
            content |= {"text": body["body"], "size": len(body["body"])}
            content |= {"encoding": "base64"} if body["base64Encoded"] else {}
        moment = one["wallTime"]
        from datetime import UTC, datetime

        posted = request.get("postData")
        return {
            "_resourceType": "fetch",
            "startedDateTime": datetime.fromtimestamp(moment, UTC)
            .isoformat()
            .replace("+00:00", "Z"),
            "time": 5.0,
            "request": {
                "method": request["method"],
                "url": request["url"],
                "httpVersion": "http/1.1",
                "headers": _fields(request["headers"]),
                "queryString": [],
                "cookies": [],
                **(
                    {"postData": {"mimeType": "application/json", "text": posted}} if posted else {}
                ),
            },
            "response": {
                "status": response["status"],
                "statusText": response["statusText"],
                "httpVersion": "http/1.1",
                "headers": _fields(response["headers"]),
                "cookies": [],
                "content": content,
                "redirectURL": "",
            },
            "cache": {},
            "timings": {"send": 0, "wait": 5, "receive": 0},
        }


def _fields(headers: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"name": name, "value": value}
        for name, value in headers.items()
        if name.lower() not in LEFT_OUT
    ]
