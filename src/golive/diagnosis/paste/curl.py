"""Reads a pasted curl command as a request: what would be sent, never sent; and takes its URLs apart.

Written for what Postman, browsers and documentation pages produce; a flag that is not known is passed over, and URLs
may hold placeholders and typing errors. What curl prints instead of an answer (`curl: (6) Could not resolve host`)
becomes fields of `causes.yaml`.
"""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentError, ArgumentParser
from dataclasses import replace
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote_plus

from golive.diagnosis.paste.answer import terms
from golive.diagnosis.paste.cleaning import SMART
from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.pieces import PastedRequest, basic
from golive.diagnosis.services import fhir_parts, service_of
from golive.diagnosis.spelling import grants_tokens, meant_host
from golive.environment import real_host
from golive.exchanges import failures
from golive.kit.wire import UNREADABLE, split_url

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import PastedFailure


CONTINUED = re.compile(r"(?<![ \t])[ \t]*+[\\^`][ \t]*+\n")
ANSI_C = re.compile(r"\$'((?:[^'\\]|\\.)*)'")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "'": "'", '"': '"', "\\": "\\"}
ENDS = frozenset({"|", "||", "&&", ";", ">", ">>", "2>&1", "&"})
FORM = "application/x-www-form-urlencoded"

FLAGS = {
    "header": "-H --header",
    "data": "-d --data --data-raw --data-binary --data-ascii",
    "encoded": "--data-urlencode",
    "json": "--json",
    "parts": "-F --form --form-string",
    "user": "-u --user",
    "method": "-X --request",
    "url": "--url",
    "bearer": "--oauth2-bearer",
    # what says nothing here
    "passed": "-b --cookie -A --user-agent -e --referer -o --output -w --write-out -m --max-time -x --proxy -T"
    " --upload-file -c --cookie-jar -E --cert --key --cacert -D --dump-header -K --config -U --proxy-user"
    " --connect-timeout --resolve --retry",
}
OPTIONS = ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
"""curl's options: those that take a value, by what it is for, and each other sign as one that takes none."""

for _purpose, _flags in FLAGS.items():
    OPTIONS.add_argument(*_flags.split(), dest=_purpose, action="append", default=[])
for _letter in sorted(
    {*ascii_letters, *digits} - {*re.findall(r"(?<!-)-(\w)\b", " ".join(FLAGS.values()))}
):
    OPTIONS.add_argument(f"-{_letter}", dest="plain", action="append_const", const=f"-{_letter}")


def words_of(command: str) -> list[str]:
    """Split a command as its shell would; raises ValueError where a quote is left open."""
    text = command.translate(SMART)
    if re.search(r"\^[ \t]*\n", text) or '^"' in text:
        text = re.sub(r"\^([^\n])", r"\1", CONTINUED.sub(" ", text))
    text = ANSI_C.sub(lambda match: shlex.quote(_unescaped(match[1])), CONTINUED.sub(" ", text))
    words = shlex.split(text)
    end = next((i for i, word in enumerate(words) if word in ENDS), len(words))
    return words[:end]


QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"|\\.")
CUT = re.compile(r"[\w.-]+=[^&\s^]*&[\w.-]+=")
"""A form without quotes, of which the shell takes `&` as the end of the command."""

BY_THE_SHELL = "cut-by-the-shell"


def parse(command: str) -> PastedRequest | None:
    """Read a curl command; None where it names no URL."""
    bare = QUOTED.sub("", command.translate(SMART))
    cut = next((word for word in bare.split() if CUT.match(word)), None)
    if cut:  # what stands behind the sign is another command to the shell
        command = command[: command.index(cut) + cut.index("&")]
    try:
        words = words_of(command)
    except ValueError:
        words = re.sub("[\"']", "", CONTINUED.sub(" ", command.translate(SMART))).split()
    try:
        known, others = OPTIONS.parse_known_args([*words[1:], ""])  # which a last flag may lack
    except ArgumentError:
        return None
    got = vars(known)
    flags = {*(got.pop("plain") or ()), *(word for word in others if word.startswith("-"))}
    url, number = pattern("like_a_url"), re.compile(r"[\d.]+")
    urls = [one for one in others if url.fullmatch(one) and not number.fullmatch(one)]
    got["url"] = [*got["url"], *urls]
    flags |= {BY_THE_SHELL} if cut else set()
    return request_made(got, flags) if got["url"] else None


def request_made(got: dict[str, list[str]], flags: set[str]) -> PastedRequest:
    """Return the request that the values of flags make, by the names of `FLAGS`; `flags` are those without a value."""
    pairs = (line.split(":", 1) for line in got["header"] if ":" in line)
    headers = [(name.strip(), value.strip()) for name, value in pairs]
    if got["user"]:
        headers.append(basic(got["user"][-1]))
    if got["bearer"]:
        headers.append(("Authorization", f"Bearer {got['bearer'][-1]}"))
    body = "&".join([*got["data"], *map(_encoded, got["encoded"]), *got["json"], *got["parts"]])
    url = got["url"][0]
    asks = bool({"-G", "--get"} & flags)
    if asks and body:
        url, body = f"{url}{'&' if '?' in url else '?'}{body}", ""
    if body and not any(name.lower() == "content-type" for name, _ in headers):
        media = "multipart/form-data" if got["parts"] else FORM
        headers.append(("Content-Type", "application/json" if got["json"] else media))
    guessed = "POST" if body else "HEAD" if {"-I", "--head"} & flags else "GET"
    method = (got["method"] or [guessed])[-1].upper()
    return PastedRequest(method, url, tuple(headers), body, frozenset(flags))


def _encoded(part: str) -> str:
    name, equals, value = part.partition("=")
    return f"{name}={quote_plus(value)}" if equals else quote_plus(part)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: ESCAPES.get(match[1], match[0]), text)


VERSION = re.compile(r"[0-9]{8}")
PLACEHOLDER = re.compile(r"[{<$%:].*|.*[}>]|[xX*]{2,}")


def is_token_request(request: PastedRequest | None) -> bool:
    """Return whether a request asks for a token: by its path, its host or the grant in its form."""
    if request is None:
        return False
    path = split_url(request.url).path
    return (
        re.search(r"/(?:token|access)(?:/|(?: |%20)HTTP/[\d.]+)*$", path) is not None
        or grants_tokens(request.url)
        or "grant_type" in parse_qs(request.body)
        or '"grant_type"' in request.body
    )


def is_probe(request: PastedRequest) -> bool:
    """Return whether a request is a bare GET of the root of one of Oracle's hosts, to see whether it answers."""
    asks = request.method not in ("GET", "HEAD") or request.body or request.header("Authorization")
    parts, served = split_url(request.url), service_of(request.url)
    at_root = not parts.path.strip("/") and not parts.query
    return not asks and at_root and served is not None and served.owner == "oracle"


def host_of(url: str) -> str:
    """Return the host that a URL means, empty where it can't be read or is a placeholder."""
    host = real_host(url if "://" in url else f"https://{url}")
    return host if re.fullmatch(r"[a-z0-9.-]+", host, re.IGNORECASE) else ""


def is_key_set(url: str) -> bool:
    """Return whether a URL ends as those of key sets do; the host of one is no API host."""
    return re.search(r"/jwks?(?:\.json)?$", url) is not None


def api_parts(url: str) -> tuple[str, str | None, str | None]:
    """Return the URL up to the version, the version and the tenant of an API URL."""
    bare = url.partition("?")[0]
    start, slashes, rest = bare.rpartition("://")
    host, *segments = rest.split("/")
    if fhir := fhir_parts(url):
        whole = "/".join([host, *segments[: 2 if fhir[1] else 1]])
        return f"{start or 'https'}{slashes or '://'}{whole}", None, fhir[1]
    at = next((i for i, part in enumerate(segments) if VERSION.fullmatch(part)), None)
    base = segments[:at] if at is not None else segments[:2]
    version = segments[at] if at is not None else None
    if at is None and len(segments) > 2 and re.fullmatch(r"v?\d[\w.]*", segments[2]):
        version = segments[2]
    tenant = base[0] if len(base) > 1 else None
    return f"{start or 'https'}{slashes or '://'}{'/'.join([host, *base])}", version, tenant


def tenant_of(url: str) -> str | None:
    """Return the tenant of a token URL, or None."""
    match = re.search(r"/tenants/([^/?]+)", url)
    return match[1] if match else None


def readable(url: str) -> str:
    """Return a URL that can be taken apart: with a scheme, and without a placeholder for its host."""
    url = url if "://" in url else f"https://{url}"
    return "https://unreadable.invalid/" if split_url(url) is UNREADABLE else url


def is_open(value: str) -> bool:
    """Return whether a value is a placeholder that somebody left to be filled in, or left out in part."""
    return ".." in value or "…" in value or PLACEHOLDER.fullmatch(value) is not None


KINDS = {each.kind: each for each in vars(failures).values() if isinstance(each, failures.Failure)}
for _kind, _in_time in (("connect-timeout", " in time"), ("not-connected", "")):
    _said = f"no connection was made{_in_time}"
    KINDS[_kind] = replace(failures.TIMEOUT, kind=_kind, happened=_said)
KINDS |= dict.fromkeys(("tls-not-spoken", "tls-renegotiation"), failures.TLS)
KINDS["tls-other-host"] = failures.UNTRUSTED


def failure_facts(
    request: PastedRequest | None, failed: PastedFailure, text: str
) -> dict[str, Any]:
    """Return the kind of a failure by curl's number, and the host; no kind where the number has none.

    It is that of a proxy where a setting of the `text` names this host as one.
    """
    named = pattern("host_of_a_failure").search(failed.words)
    host = (named[1] or named[2]) if named else host_of(request.url) if request else ""
    number = {"shape": f"curl: ({failed.number}), which ends without an answer", "library": "curl"}
    entry = next((each for each in terms() if each["id"] == f"curl-{failed.number}"), None)
    if entry is None:
        return number
    said = entry.get("said", {})
    kind = next((said[word] for word in said if word in failed.words), entry.get("failure"))
    as_proxy = rf"(?i)(?:_proxy\W|-x |--proxy )\S{{0,80}}{re.escape(host)}"
    if kind and host and re.search(as_proxy, text):
        return number | {k: v for k, v in kind_facts("proxy", "").items() if k != "host"}
    return number | kind_facts(kind, host) if kind else number


def kind_facts(kind: str, host: str) -> dict[str, Any]:
    """Return the fields of a failure of this kind: of one on the way also what happened, in words."""
    meant = meant_host(host)
    spelt = {"host_spelling": "near", "meant_host": meant} if meant else {}
    if (failure := KINDS.get(kind)) is None:
        return {"stage": "client", "kind": kind, "host": host or None}
    return {
        "stage": "names",
        "kind": kind,
        "unreachable": True,
        "happened": failure.happened,
        "next_step": failure.next_step,
        "host": host or None,
        **spelt,
    }
