"""No canary in any byte: secrets and patients' data are planted, echoed, and searched for, decoded.

A deployment that echoes adds to its answers the credential, the token and marked patients: in bodies,
headers, errors and redirects. Runs with every report and the loudest options meet it, checks end in
every way there is, and then every byte written is searched in every encoding that a report can hold.
"""

import base64
import contextlib
import gzip
import html
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import httpx
import pytest

from golive.kit.packed import pack
from golive.twin import Twin

pytestmark = [pytest.mark.whole_run, pytest.mark.usefixtures("in_pipeline")]

PATIENTS = (
    "Canary-Quillfeather, Ottoline",
    "canary.quill@example.org",
    "MRN-5550142-CANARY",
    "Ottoline has a canary",
)
OF_THE_TWIN = ("12700100", "12700300", "Testpatient", "Twinwell")
LOUD = (
    *("-v", "-rA", "--tb=long", "--showlocals", "--full-trace", "--log-level=DEBUG"),
    *("-o", "log_cli=true", "-o", "log_cli_level=DEBUG", "--color=yes"),
)
# The loudest options write every frame of a traceback: a few checks, of each outcome, are as much as anybody reads.
FEW = (
    "-k",
    "test_inbox.py or test_one_message.py or test_sent_items.py or test_token_success.py or test_key_set.py "
    "or test_access_token_key.py or status-deleted-to-opened",
)
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
PACKED = (b"H4sI", b"/Td6WFo")
"""How the base64 of gzip begins, and of xz."""

HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
DEEPEST = 2


def views(data: bytes, depth: int = DEEPEST) -> Iterator[bytes]:
    """The bytes, and what they are once they are unpacked and decoded, several layers deep."""
    yield data
    if depth == 0:
        return
    found: set[bytes] = set()
    # What a decoding made of a packed file need not be one any more (its time stamp may hold a backslash).
    with contextlib.suppress(OSError, EOFError, zlib.error, zipfile.BadZipFile, lzma.LZMAError):
        if (
            data[:6] == b"\xfd7zXZ\x00"
        ):  # what only golive reads of a file: as deep as the file itself
            yield from views(lzma.decompress(data))
        if data[:2] == b"\x1f\x8b":
            found.add(gzip.decompress(data))
        if data[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                found |= {packed.read(name) for name in packed.namelist()}
    lines = set(data.decode("utf-8", "replace").splitlines())
    for decode in (unquote, html.unescape, _from_json, _uncoloured):
        # What a decoding leaves as it was has been looked at.
        found.add("\n".join({decode(line) for line in lines} - lines).encode("utf-8", "replace"))
    pieces = []
    for run in set(BASE64.findall(data)):
        plain_run = run.replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            part = plain_run[start : start + (len(plain_run) - start) // 4 * 4]
            pieces.append(base64.b64decode(part))
        if run.startswith(PACKED):  # what golive alone reads of exchanges.har and fingerprint.json
            found.add(base64.b64decode(plain_run + b"=" * (-len(plain_run) % 4)))
        rest = len(plain_run) % 4
        if rest > 1:
            pieces.append(base64.b64decode(plain_run + b"=" * (4 - rest)))
    pieces += [bytes.fromhex(run.decode()) for run in set(HEX.findall(data))]
    found.add(b"\n".join(pieces))
    for view in found - {data, b""}:
        yield from views(view, depth - 1)


def _from_json(line: str) -> str:
    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", _unescaped, line)


def _uncoloured(line: str) -> str:
    return COLOUR.sub("", line)


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) == 5 else {"n": "\n", "t": "\t"}.get(code, code)


def hits(data: bytes, canaries: tuple[str, ...]) -> set[str]:
    wanted = {canary: canary.encode() for canary in canaries}
    return {canary for view in views(data) for canary, raw in wanted.items() if raw in view}


def places(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, hidden ones too."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink()
    }


def prove_clean(
    counted: Callable[[str], None], output: bytes, folder: Path, canaries: tuple[str, ...]
) -> None:
    searched = {"the console": output, **places(folder)}
    # Most lines stand in several reports; each is decoded once, and only a hit asks for its place.
    lines = {line for data in searched.values() for line in data.split(b"\n")}
    packed = [one for one in searched.values() if one[:2] in {b"PK", b"\x1f\x8b"}]
    if any(hits(data, canaries) for data in (b"\n".join(lines), *packed)):
        found = {place: hits(data, canaries) for place, data in searched.items()}
    else:
        found = {}
    size = sum(map(len, searched.values()))
    assert {place: one for place, one in found.items() if one} == {}
    counted(f"{len(canaries)} canaries in {len(searched)} places of {size} bytes, 0 hits")


# -- the searcher itself ----------------------------------------------------------------------------------------

CANARY = "canary/with+signs & \"quotes\" 'ü' 4711"


def _zipped(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.txt", text)
    return out.getvalue()


HIDDEN = {
    "plain": CANARY.encode(),
    "URL": quote(CANARY, safe="").encode(),
    "URL twice": quote(quote(CANARY, safe=""), safe="").encode(),
    "JSON": json.dumps({"a": CANARY}).encode(),
    "JSON in JSON": json.dumps({"a": json.dumps(CANARY)}).encode(),
    "HTML": html.escape(CANARY).encode(),
    "base64": base64.b64encode(CANARY.encode()),
    "base64 in a text, one off": b"x " + base64.b64encode(b"a" + CANARY.encode() + b"bc") + b" y",
    "base64 in a text, two off": b"x " + base64.b64encode(b"ab" + CANARY.encode() + b"c") + b" y",
    "base64url": base64.urlsafe_b64encode(CANARY.encode()).rstrip(b"="),
    "hex": CANARY.encode().hex().encode(),
    "gzip": gzip.compress(CANARY.encode()),
    "zip": _zipped(CANARY),
    "base64 in JSON in gzip": gzip.compress(
        json.dumps([base64.b64encode(CANARY.encode()).decode()]).encode()
    ),
    "gzip in base64 in JSON": json.dumps(
        {"body": base64.b64encode(gzip.compress(CANARY.encode())).decode()}
    ).encode(),
    "packed by golive": json.dumps({"packed": pack(json.dumps([json.dumps(CANARY)]))}).encode(),
    "coloured": CANARY.encode().replace(b"canary", b"can\x1b[31mary"),
}


@pytest.mark.parametrize("data", HIDDEN.values(), ids=HIDDEN.keys())
def test_the_search_finds_a_leak_in_each_encoding(data: bytes) -> None:
    assert hits(b"before " * (data[:2] not in {b"PK", b"\x1f\x8b"}) + data, (CANARY,)) == {CANARY}


def test_the_search_finds_nothing_where_nothing_is() -> None:
    assert hits(b"canary without the rest " * 10, (CANARY,)) == set()


# -- a deployment that echoes -----------------------------------------------------------------------------------


def echoing(application):
    """Wrap a twin's application: its answers repeat what was sent, and tell of marked patients."""

    async def answer(scope, receive, send):
        sent = {key.decode().lower(): value for key, value in scope["headers"]}
        credential = sent.get("authorization", b"none")
        start = {}

        async def receive_noted():
            message = await receive()
            start["request"] = start.get("request", b"") + message.get("body", b"")
            return message

        async def passing(message):
            if message["type"] == "http.response.start":
                start.update(message)
                return
            start["body"] = start.get("body", b"") + message.get("body", b"")
            if message.get("more_body"):
                return
            changed = altered(start, credential.decode("latin-1"), scope)
            kept = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
            told = [
                (b"x-echo", credential),
                (b"x-patient", PATIENTS[0].encode()),
                (
                    b"www-authenticate",
                    b'Bearer realm="' + PATIENTS[0].encode() + b'", x=' + credential,
                ),
                (
                    b"location",
                    b"/elsewhere?access_token=" + credential + b"&p=" + PATIENTS[2].encode(),
                ),
                (b"content-length", str(len(changed)).encode()),
            ]
            await send(
                {"type": "http.response.start", "status": start["status"], "headers": kept + told}
            )
            await send({"type": "http.response.body", "body": changed})

        await application(scope, receive_noted, passing)

    return answer


def altered(start, credential: str, scope) -> bytes:
    """A list's items get a marked patient; everything repeats the credential and the request."""
    try:
        body = json.loads(start["body"])
    except ValueError:
        return start["body"] + credential.encode() + PATIENTS[0].encode()
    if isinstance(body, dict):
        request = start.get("request", b"").decode("latin-1")
        if start["status"] >= 400:
            where = f"{scope['path']}?{scope['query_string'].decode()}"
            body["message"] = f"{PATIENTS[3]} {credential} {where} {request}"
        for item in body.get("items", [])[:3]:
            item |= {
                "subject": PATIENTS[0],
                "status": PATIENTS[2],
                PATIENTS[1]: 1,
                "id": PATIENTS[3],
            }
            item["priority"] = credential
        if "/protocols/" not in scope["path"]:
            body["echo"] = [credential, *PATIENTS]
    return json.dumps(body).encode()


@pytest.fixture
def echoing_twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    from golive.twin import application as served

    honest = served.application
    monkeypatch.setattr(served, "application", lambda *given: echoing(honest(*given)))
    with Twin() as twin:
        yield twin


@pytest.mark.parametrize(
    ("options", "results"),
    [
        pytest.param((*FEW, *LOUD), 15, id="loud"),
        pytest.param(("-v", "-n", "2"), 400, id="all", marks=pytest.mark.exhaustive),
    ],
)
def test_no_canary_is_written_whatever_a_deployment_echoes(
    echoing_twin: Twin, tmp_path: Path, safety, options: tuple[str, ...], results: int, counted
) -> None:
    made = safety.deployment(echoing_twin, tmp_path / "echo.yaml", data="phi")
    made.file.rename(
        tmp_path.parent / f"{tmp_path.name}.yaml"
    )  # its patients' ids are the user's own
    file = str(tmp_path.parent / f"{tmp_path.name}.yaml")
    words = ("run", file, "--keep-going", f"--log-file={tmp_path}/log.txt", *options)
    in_a_job = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": f"{tmp_path}/step.md",
        "GITHUB_OUTPUT": f"{tmp_path}/output",
    }
    ran = safety.process(tmp_path, "-m", "golive", *words, **made.variables, **in_a_job)
    outcomes = {one["outcome"] for one in ran.summary["checks"]}
    assert ran.text.count("::error ") == 10
    assert "## Findings" in (tmp_path / "step.md").read_text()
    assert ran.code == 1, ran.text[-3000:]
    assert {"passed", "failed", "could not tell"} <= outcomes
    assert len([*tmp_path.glob("reports/latest/allure-results/*-result.json")]) > results
    assert (tmp_path / "reports/latest/evidence.json").is_file()
    for command in (("doctor", file), ("doctor", file, "--json")):
        told = safety.process(tmp_path, "-m", "golive", *command, **made.variables)
        ran.folder.joinpath(f"{len(command)}-doctor.txt").write_bytes(told.out)
    prove_clean(counted, ran.out, tmp_path, (*made.secrets, *PATIENTS, *OF_THE_TWIN))


def test_synthetic_data_is_shown_and_secrets_are_not(
    echoing_twin: Twin, tmp_path: Path, safety, counted
) -> None:
    made = safety.deployment(echoing_twin, tmp_path / "echo.yaml")
    words = ("run", str(made.file), "--keep-going", *FEW, *LOUD)
    ran = safety.process(tmp_path, "-m", "golive", *words, **made.variables)
    assert ran.code == 1
    assert PATIENTS[2] in ran.text
    prove_clean(counted, ran.out, tmp_path, made.secrets)


def test_a_private_key_that_a_server_publishes_is_reported_and_not_shown(
    tmp_path: Path, safety, counted
) -> None:
    with Twin(defects=["private-key-in-key-set"]) as twin:
        made = safety.deployment(twin, tmp_path / "leaks.yaml")
        answer = httpx.get(f"{twin.address}/authorization.cerner.com/jwk", trust_env=False)
        private = tuple(key["d"] for key in answer.json()["keys"] if "d" in key)
        words = ("run", str(made.file), "--keep-going", "suites/oauth/test_key_set.py")
        ran = safety.process(tmp_path, "-m", "golive", *words, **made.variables)
    assert ran.code == 1
    assert "private members d" in ran.text
    assert private
    prove_clean(counted, ran.out, tmp_path, private)


def test_no_canary_leaves_by_a_night_s_run_or_by_what_reads_it_afterwards(
    echoing_twin: Twin, tmp_path: Path, safety, counted
) -> None:
    few = {"nightly_budget": 150}  # requests of a night; each answer is searched as it comes in
    made = safety.deployment(
        echoing_twin, tmp_path.parent / f"{tmp_path.name}.yaml", data="phi", generated=few
    )
    file, secret = str(made.file), made.variables["GOLIVE_SECRET_0"]
    night = ("--generated", "--profile", "nightly", "-k", "generated or test_inbox.py")
    call = (
        f"curl -u id:{secret} -H 'Authorization: Bearer {made.variables['GOLIVE_EXPIRED']}' "
        f"'https://api.cernermillennium.com/x/patientMessages/inboxItems?patientId={OF_THE_TWIN[0]}'"
    )
    proxied = tmp_path.parent / f"{tmp_path.name}-proxied.yaml"
    proxied.write_text(
        made.file.read_text().replace("safety:\n", "safety:\n  proxy: ${HTTPS_PROXY}\n")
    )
    commands = (
        ("run", file, "--keep-going", "--update-deviations", *night),
        ("run", file, "-m", "messages", "--keep-going", "--lf", "-k", secret),
        ("report",),
        ("show",),
        ("judge", "reports/latest/exchanges.har", "--env", file, "-k", "inbox"),
        ("show", "--full"),
        ("diff", "--json", "d.json", "--history", "history.jsonl"),
        ("verify",),
        ("gate", "--env", made.file.stem, "--tenant", "any"),
        ("learn", "--write", "schemas"),
        ("explain", "--json", call),
        ("explain", made.variables["GOLIVE_EXPIRED"]),
        ("doctor", str(proxied)),
        ("envs",),
    )
    variables = {**made.variables, "HTTPS_PROXY": f"http://user:{secret}@127.0.0.1:9"}
    told = b""
    for words in commands:
        ran = safety.process(tmp_path, "-m", "golive", *words, **variables)
        assert ran.out
        assert b"Traceback" not in ran.out, ran.text
        told += ran.out
    assert list(tmp_path.glob("reports/*/known-deviations.yaml"))
    assert (tmp_path / "history.jsonl").stat().st_size > 1000
    prove_clean(counted, told, tmp_path, (*made.secrets, *PATIENTS, *OF_THE_TWIN))


# -- answers that refuse, and tell of a patient while they do ---------------------------------------------------

NAME, RECORD, NUMBER = "Quillfeather", "MRN5550142", "5550142177"
SENTENCE = f"{NAME}, Ottoline ({RECORD}) is not to be seen"
URN_OF_ONE = f"urn:cerner:error:authorization-server:oauth2:token:{NAME}"


def refusing(application, refuses):
    """Answer whatever `refuses(path, number)` says with an error that names a patient wherever an error has a place."""
    asked = []

    async def answer(scope, receive, send):
        asked.append(scope["path"])
        status = refuses(scope["path"], len(asked))
        if status is None:
            await application(scope, receive, send)
            return
        if "/protocols/" in scope["path"]:
            uri = f"https://{NAME}.example/errors/{URN_OF_ONE}/instances/{RECORD}?client={NAME}&tenant={NUMBER}"
            members = {
                "error": NAME,
                "error_uri": uri,
                "error_description": SENTENCE,
                "scope": NAME,
            }
        else:
            pairs = f'code="{NAME}", error="{RECORD}", subcode="{NAME}", kid="{NUMBER}"'
            members = {"code": status, "message": f"{pairs} {SENTENCE}", NAME: {RECORD: NUMBER}}
        body = json.dumps(members).encode()
        headers = {
            "content-type": f"application/json; {NAME}={RECORD}",
            "content-length": str(len(body)),
            "www-authenticate": f'Bearer realm="{NAME}", error="{RECORD}", {NAME}="{SENTENCE}", {NAME}=1',
            "cerner-correlation-id": f"{RECORD}-{NAME}",
            "opc-request-id": NUMBER,
            "x-request-id": f"{NAME}/{RECORD}",
            "cache-control": NAME,
            "pragma": RECORD,
            "allow": NAME,
        }
        start = {"type": "http.response.start", "status": status}
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({**start, "headers": pairs})
        await send({"type": "http.response.body", "body": body})

    return answer


def _token(path: str, _: int) -> int | None:
    return 400 if "/protocols/" in path else None


def _key_set(path: str, _: int) -> int | None:
    return 500 if path.endswith("/jwk") else None


def _api(status: int) -> Callable[[str, int], int | None]:
    return lambda path, _: status if "/message/" in path else None


def _later(status: int) -> Callable[[str, int], int | None]:
    # The walk before the checks asks three times; the first answers of the checks are good, too.
    return lambda path, number: status if number > 8 and not path.endswith("/jwk") else None


REFUSALS = {
    "the token": _token,
    "the key set": _key_set,
    "the API with 401": _api(401),
    "the API with 403": _api(403),
    "the API with 400": _api(400),
    "later with 400": _later(400),
    "later with 401": _later(401),
    "later with 200": _later(200),
}


@pytest.mark.parametrize(
    ("refusal", "keep_going"),
    [
        *((refusal, False) for refusal in REFUSALS),
        *((refusal, True) for refusal in REFUSALS if not refusal.startswith("later")),
    ],
)
def test_no_answer_that_refuses_identifies_a_patient(
    refusal: str,
    keep_going: bool,
    tmp_path: Path,
    safety,
    counted,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from golive.twin import application as served

    honest = served.application
    refuses = REFUSALS[refusal]
    monkeypatch.setattr(served, "application", lambda *given: refusing(honest(*given), refuses))
    with Twin() as twin:
        made = safety.deployment(twin, tmp_path.parent / f"{tmp_path.name}.yaml", data="phi")
        words = (
            "run",
            str(made.file),
            "suites/messages/test_inbox.py",
            "suites/oauth/test_token_success.py",
            "suites/oauth/test_key_set.py",
            *LOUD,
            *(["--keep-going"] * keep_going),
        )
        ran = safety.process(tmp_path, "-m", "golive", *words, **made.variables)
        doctor = ("doctor", str(made.file), *(["--json"] * keep_going))
        told = ran.out + safety.process(tmp_path, "-m", "golive", *doctor, **made.variables).out
    assert ran.code in {0, 1, 4, 5, 6}, ran.text[-3000:]  # a key set may stay open
    assert b"Traceback" not in ran.out
    prove_clean(counted, told, tmp_path, (*made.secrets, NAME, RECORD, NUMBER, SENTENCE))


# -- checks that end in every way, written carelessly -----------------------------------------------------------

CARELESS = """
import logging, sys, threading, warnings
import pytest
from golive import check, exchange, expect

def secret(exchange):
    return exchange.request.headers.get("Authorization").split(" ")[1]

def spill(found, inbox):
    token = secret(inbox)
    person = inbox.json["items"][0]["subject"]
    for text in (token, token[:200], token[-200:], repr(inbox.json["items"][0]), person):
        print("printed", text)
        print("printed", text, file=sys.stderr)
        logging.getLogger("x").warning("logged %s", text)
        warnings.warn(f"warned {text}")
    return token, person

@pytest.fixture
def broken(inbox_items):
    token = secret(inbox_items)
    raise RuntimeError(token + inbox_items.text)

@pytest.fixture
def breaks_at_its_end(inbox_items):
    yield
    raise RuntimeError(secret(inbox_items))
""" + "".join(
    f'''
@check("careless-{name}", level="must", basis="own", source="here")
def test_{name}(inbox_items{extra}):
    """A careless check."""
    token, person = spill("{name}", inbox_items)
    {end}
'''
    for name, extra, end in (
        ("passes", "", "pass"),
        ("fails", "", 'with expect(inbox_items) as it: it.violated("/" + token, person, token)'),
        ("raises", "", "raise ValueError(token, person)"),
        ("skips", "", "pytest.skip(token + person)"),
        ("errs", ", broken", "pass"),
        ("ends_badly", ", breaks_at_its_end", "pass"),
        ("threads", "", "t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()"),
    )
)
UNCOLLECTABLE = """
import os
secret = os.environ["GOLIVE_SECRET_0"]
patient = "12700100"
raise RuntimeError(f"can't be collected: {secret} {patient}")
"""


@pytest.mark.parametrize(
    ("workers", "more", "code"),
    [
        pytest.param("2", (), 3, id="two workers", marks=pytest.mark.exhaustive),
        pytest.param("0", (), 3, id="captured"),
        pytest.param("0", ("uncollectable",), 4, id="a file that can't be collected"),
    ],
)
def test_careless_checks_of_every_outcome_leak_nothing(
    echoing_twin: Twin,
    tmp_path: Path,
    safety,
    workers: str,
    more: tuple[str, ...],
    code: int,
    counted,
) -> None:
    made = safety.deployment(echoing_twin, tmp_path.parent / f"{tmp_path.name}.yaml", data="phi")
    sources = tmp_path.parent / f"{tmp_path.name}-suite"
    suites = sources / "suites" / "messages"
    suites.mkdir(parents=True)
    for module in [safety.ROOT / "conftest.py", *(safety.ROOT / "suites").rglob("*.py")]:
        if not module.name.startswith("test_"):
            copy = sources / module.relative_to(safety.ROOT)
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(module.read_text())
    (sources / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\naddopts = "-p no:anyio --import-mode=importlib"\n'
    )
    (suites / "test_careless.py").write_text(CARELESS)
    if "uncollectable" in more:
        (suites / "test_uncollectable.py").write_text(UNCOLLECTABLE)
    ran = safety.process(
        sources,
        *(
            "-B",
            "-m",
            "pytest",
            f"--env={made.file}",
            "-n",
            workers,
            f"--run-folder={tmp_path}/run",
        ),
        *(f"--junitxml={tmp_path}/junit.xml", f"--alluredir={tmp_path}/allure"),
        *(f"--log-file={tmp_path}/log.txt", "-o", f"cache_dir={tmp_path}/cache", *LOUD),
        **made.variables,
    )
    assert ran.code == code, ran.text[-3000:]
    if "uncollectable" not in more:
        summary = json.loads((tmp_path / "run" / "summary.json").read_text("utf-8"))
        outcomes = {one["id"]: one["outcome"] for one in summary["checks"]}
        assert set(outcomes.values()) == {"passed", "failed", "internal error", "not claimed"}
        assert "printed" in ran.text
    canaries = (*made.secrets, *PATIENTS, *OF_THE_TWIN)
    prove_clean(counted, ran.out, tmp_path, canaries)
