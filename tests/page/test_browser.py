"""The page in a real browser: it shows, it asks for nothing, it logs nothing, whatever an API answered."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

BROWSER = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
pytestmark = [
    pytest.mark.skipif(BROWSER is None, reason="no browser: apt-get install chromium"),
    pytest.mark.whole_run,
]


@pytest.fixture
def lure():
    """A server that counts who asks it: its address, and the paths that were asked for."""
    asked: list[str] = []

    class Counting(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.fixture
def browse(tmp_path):
    """Show a page: what its document is then, and what was logged on its console."""

    def show(text: str, *options: str) -> tuple[str, list[str]]:
        file = tmp_path / "page.html"
        file.write_text(text, encoding="utf-8")
        command = [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            f"--user-data-dir={tmp_path / 'profile'}", "--enable-logging=stderr", "--log-level=0",
            "--virtual-time-budget=3000", *options, "--dump-dom", file.as_uri(),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]

    return show


def bait(lure: str) -> str:
    return (
        f"<img src='{lure}/image'><script>console.error('ran'); fetch('{lure}/script')</script>"
        f'"\'><iframe src="{lure}/frame"></iframe><style>@import url({lure}/style)</style>'
    )


def test_the_instruments_see_what_a_careless_page_does(browse, lure):
    address, asked = lure
    _, logged = browse(f"<!doctype html><p>{bait(address)}")
    assert "/image" in asked
    assert any("ran" in line for line in logged)


@pytest.mark.parametrize("options", [(), ("--blink-settings=preferredColorScheme=0",)])
def test_it_shows_asks_for_nothing_and_logs_nothing(browse, lure, data, shown, options):
    address, asked = lure
    for check in data["checks"]:
        for finding in check["findings"]:
            finding["actual"] = finding["next_step"] = finding["at"] = bait(address)
            finding["exchange"]["url"] = finding["exchange"]["curl"] = bait(address)
    data["environment"]["title"] = bait(address)
    document, logged = browse(shown(), *options)
    assert "<h1>NO-GO</h1>" in document
    assert document.count("<article") >= 1
    assert document.count("<button") == document.count('<details class="copy"')
    assert "<iframe" not in document
    assert logged == []
    assert asked == []


def pages(text: str, folder) -> int:
    """Print a page: how many sheets it takes."""
    (folder / "page.html").write_text(text, encoding="utf-8")
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        f"--user-data-dir={folder / 'profile'}", "--no-pdf-header-footer",
        f"--print-to-pdf={folder / 'page.pdf'}", (folder / "page.html").as_uri(),
    ]  # fmt: skip
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    return len(re.findall(rb"/Type\s*/Page\b", (folder / "page.pdf").read_bytes()))


def test_a_print_is_four_sheets_at_most(tmp_path, data, shown):
    finding = next(check for check in data["checks"] if check["findings"])["findings"][0]
    # Of every kind and area, and more than a sheet has room for: a browser takes a minute to lay all of them out.
    for number, check in enumerate(data["checks"][::15]):
        own = finding | {"at": f"/items/{number}/id"}
        check |= {"outcome": "failed", "harm": "client breaks", "findings": [own] * 30}
    assert 1 < pages(shown(), tmp_path) <= 4


def choosing(where: str, what: str) -> str:
    """Return a script that types or chooses something in a field of the filter."""
    return f"""<script>addEventListener("load", () => {{
      document.getElementById("{where}").value = "{what}";
      document.getElementById("filter").dispatchEvent(new Event("input"));
    }})</script>"""


@pytest.mark.parametrize(
    ("field", "value", "fits"),
    [
        ("words", "inbox-is-json", lambda one: "inbox-is-json" in one["id"]),
        ("outcome", "failed", lambda one: one["outcome"] == "failed"),
    ],
)
def test_the_filter_leaves_what_fits_and_says_how_many(browse, data, shown, field, value, fits):
    # As a reader would type it: the page's own policy would refuse this script.
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", shown())
    document, logged = browse(text.replace("</body>", f"{choosing(field, value)}</body>"))
    known = {check["id"] for check in data["checks"] if fits(check)}
    lists = re.findall(r'<ul class="ids checks".*?</ul>', document, re.DOTALL)
    left = re.findall(r"<li(?![^>]* hidden)[^>]*>.*?<code>([^<]*)", "".join(lists))
    assert set(left) == known
    assert f"{len(known)} check" in re.search(r'<output id="number"[^>]*>([^<]*)', document)[1]
    assert logged == []
