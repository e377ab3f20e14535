"""What recorders write beside the letter of HAR 1.2, and newman's export, as entries that can be read.

Names of headers as an object or with several values, a status as text, no headers at all; bodies that are still
chunked or compressed, as some proxies keep them. Nothing is guessed that is not there.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from golive.kit.wire import http_date

Json = dict[str, Any]

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes to which a body is unpacked."""

CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;[^\r\n]*)?\r\n")
PACKINGS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


def pairs_of(fields: object) -> list[tuple[str, str]] | None:
    """Return header fields as pairs, in whatever form a recorder has them; None for what is no form of theirs."""
    if fields is None:
        return []
    if isinstance(fields, dict):
        fields = [{"name": name, "value": value} for name, value in fields.items()]
    if not isinstance(fields, list):
        return None
    found = []
    for one in fields:
        name, value = _pair(one)
        values = value if isinstance(value, list) else [value]
        found += [(str(name), str(each)) for each in values if name and each is not None]
    return found


def _pair(one: object) -> tuple[object, object]:
    match one:
        case {"disabled": True}:
            return None, None
        case {"name": name, "value": value} | {"key": name, "value": value}:
            return name, value
        case [name, value]:
            return name, value
    return None, None


def status_of(value: object) -> object:
    """Return a status as a number where it is one in digits."""
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) == 3 else value


def unwrapped(body: bytes, headers: list[tuple[str, str]]) -> bytes:
    """Return a body without the chunks and the compression in which it came, if it still has them.

    A recorder that has unpacked it leaves the headers as they were, so what the body looks like decides.
    """
    said = {name.lower(): value.lower() for name, value in headers}
    if "chunked" in said.get("transfer-encoding", "") and CHUNK.match(body):
        body = _without_chunks(body)
    for packing, bits in PACKINGS.items():
        if said.get("content-encoding", "").strip() == packing:
            return _unpacked(body, bits)
    return body


def _without_chunks(body: bytes) -> bytes:
    """Return what chunks hold (RFC 9112 §7.1); the body itself where it only looks like chunks."""
    found, rest = b"", body
    while match := CHUNK.match(rest):
        size = int(match[1], 16)
        end = match.end() + size
        if size == 0:
            return found
        if rest[end : end + 2] != b"\r\n":
            return body
        found, rest = found + rest[match.end() : end], rest[end + 2 :]
    return body


def _unpacked(body: bytes, bits: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=bits)
    try:
        found = unpacker.decompress(body, LARGEST_BODY)
    except zlib.error:
        return body
    return body if unpacker.unconsumed_tail else found


def log_of_newman(data: object) -> Json | None:
    """Return newman's JSON export as the log of an archive, None for anything else."""
    match data:
        case {"run": {"executions": list() as executions, **run}}:
            timings: Any = run.get("timings")
            started = timings.get("started") if isinstance(timings, dict) else None
            begin = started / 1000 if isinstance(started, int | float) else 0
            moment = datetime.fromtimestamp(begin, UTC)
            entries = [entry for one in executions if (entry := _entry(one, moment))]
            return {"version": "1.2", "creator": {"name": "newman"}, "entries": entries}
    return None


def _entry(execution: object, begun: datetime) -> Json | None:
    """Return one request of newman's as an entry, None where no answer came."""
    match execution:
        case {
            "request": {"method": str() as method, "url": url, **asked},
            "response": {"code": code, **answered},
        }:
            fields = pairs_of(answered.get("header")) or []
            took = answered.get("responseTime")
            stream = answered.get("stream")
            data = stream.get("data") if isinstance(stream, dict) else None
            body = bytes_of(data)
            content = {"text": base64.b64encode(body).decode(), "encoding": "base64"}
            text = _posted(asked.get("body"))
            return {
                "startedDateTime": _sent_at(fields, took, begun).isoformat(),
                "time": took if isinstance(took, int | float) else 0,
                "request": {
                    "method": method,
                    "url": url_of(url),
                    "headers": _named(pairs_of(asked.get("header")) or []),
                    **({"postData": {"text": text}} if text else {}),
                },
                "response": {
                    "status": code,
                    "headers": _named(fields),
                    "content": {"size": len(body), **(content if data is not None else {})},
                },
            }
    return None


def _named(pairs: list[tuple[str, str]]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in pairs]


def bytes_of(data: object) -> bytes:
    """Return the bytes of Node's Buffer as JSON, or of its base64."""
    try:
        return base64.b64decode(data) if isinstance(data, str) else bytes(data or ())  # type: ignore[call-overload]
    except (ValueError, TypeError, binascii.Error):
        return b""


def _sent_at(fields: list[tuple[str, str]], took: object, begun: datetime) -> datetime:
    """Return when a request was sent: newman keeps no time of it, so the answer's Date says it, to the second."""
    answered = http_date({name.lower(): value for name, value in fields}.get("date"))
    milliseconds = took if isinstance(took, int | float) else 0
    try:
        return answered - timedelta(milliseconds=milliseconds) if answered else begun
    except (
        ValueError,
        OverflowError,
    ):  # before the year 1, or no number of milliseconds that there is
        return begun


def url_of(url: object) -> str:
    """Return a URL that Postman has in parts; a text as it is."""
    if not isinstance(url, dict):
        return str(url)
    host, path = url.get("host") or [], url.get("path") or []
    names = ".".join(map(str, host)) if isinstance(host, list) else str(host)
    steps = "/".join(map(str, path)) if isinstance(path, list) else str(path).strip("/")
    port = f":{url['port']}" if url.get("port") else ""
    pairs = pairs_of(url.get("query")) or []
    query = "&".join(f"{name}={value}" for name, value in pairs)
    more = f"?{query}" if query else ""
    return f"{url.get('protocol') or 'https'}://{names}{port}/{steps}{more}"


def _posted(body: object) -> str:
    match body:
        case {"mode": "raw", "raw": str() as text}:
            return text
        case {"mode": "urlencoded", "urlencoded": fields}:
            return urlencode(pairs_of(fields) or [])
        case {"mode": "graphql", "graphql": value}:
            return json.dumps(value)
    return ""
