"""No answer that is accepted takes more than 400 MB, and what can't be learnt is not shown.

A process of its own reads one answer of the largest size in the ways in which a run reads it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from golive.kit.json_text import MOST_VALUES
from golive.transport.client import LARGEST_BODY

pytestmark = pytest.mark.whole_run

MOST = 400 * 2**20
READ = """
import re, sys
from dataclasses import replace
from datetime import UTC, datetime
from golive.transport.session import protect
from golive.contract.document import Contract
from golive.drift.fingerprint import fingerprint
from golive.environment import find, load
from golive.exchanges.model import Exchange, Headers, Request, Response
from golive.checks.findings import FindingsError
from golive.contract.outcomes import CouldNotTellError
from golive.checks.expect import expect
from golive.transport.api import MessagesApi
from golive.transport.token import TokenClient
from golive.redaction import REDACTOR, redact
from golive.kit.files import resources

environment = replace(load(find("twin"), variables={}), data=sys.argv[1])
contract = Contract(resources() / "schemas")
protect(environment)
if not REDACTOR.shows_data:
    REDACTOR.public |= contract.words
body = sys.stdin.buffer.read()

class Door:
    def send(self, request, name, generated=False):
        headers = Headers.of({"Content-Type": "application/json"})
        return Exchange(name, request, Response(200, headers, body), datetime.now(UTC), 0.1)

api = MessagesApi(Door(), TokenClient(Door()), environment, contract)
url = environment.api.base_url + "/20241001/patientMessages/inboxItems?patientId=1"
made = api.send(Request("GET", url), "inbox_items")
try:
    with expect(made) as it:
        it.json()
        it.schema(contract, "messages-20241001/inbox-items")
        it.keeps_secrets()
except (FindingsError, CouldNotTellError) as error:
    print(str(error)[:3000])
fingerprint("twin", datetime.now(UTC), {("inbox_items", ()): made}, contract, {})
redact("a text of a report")
# Not by getrusage: that begins with what the process had that started this one.
status = open("/proc/self/status").read()
print(int(re.search(r"VmHWM:\\s+([0-9]+) kB", status)[1]) * 1024)
"""


def _filled(piece: Callable[[int], str]) -> bytes:
    pieces, size, number = [], 0, 0
    values = 0
    while size < LARGEST_BODY - 1000 and values < MOST_VALUES - 5:
        pieces.append(piece(number))
        size += len(pieces[-1]) + 1
        values += pieces[-1].count(",") + 1
        number += 1
    return f'{{"items": [{",".join(pieces)}]}}'.encode()


SHAPES = {
    "short texts": lambda number: f'"p{number:07d}"',
    "numbers": lambda _: "1",
    "empty lists": lambda _: "[]",
    "texts of forty characters": lambda number: f'"p{number:07d}Abc+/= {"x" * 30}"',
    "empty objects": lambda _: "{}",
    "objects of one member": lambda number: f'{{"k{number}":1}}',
    "long texts": lambda number: json.dumps(f"Canary {number} " + "x y" * 300),
    "messages": lambda number: json.dumps(
        {"id": f"9{number:07d}.1.5.prsnl", "subject": f"Canary {number}", "status": "UNREAD"}
    ),
}


WORST = frozenset({"objects of one member", "messages"})
"""The shape that takes most, and that of a real answer."""


@pytest.mark.parametrize(
    ("shape", "data"),
    [
        *(
            pytest.param(shape, "phi", marks=() if shape in WORST else pytest.mark.exhaustive)
            for shape in SHAPES  # of which more is searched for
        ),
        *(
            pytest.param(
                shape,
                "synthetic",
                marks=pytest.mark.exhaustive if shape in WORST else pytest.mark.night,
            )
            for shape in SHAPES
        ),
    ],
)
def test_no_answer_that_is_accepted_takes_more_than_400_mb(shape: str, data: str, counted) -> None:
    body = _filled(SHAPES[shape])
    assert len(body) <= LARGEST_BODY
    done = subprocess.run(
        [sys.executable, "-c", READ, data],
        input=body,
        env={name: one for name, one in os.environ.items() if not name.startswith("COV")},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    told = done.stdout.decode()
    peak = int(told.split("\n")[-2])
    counted(f"{peak // 2**20} MB")
    assert peak <= MOST
    assert data == "synthetic" or "Canary" not in told
