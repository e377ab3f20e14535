"""Environment files for somebody's own folder: golive's own files, with the answers put in.

golive's files are the only source. An edit that does not find its line is an error at once, so that the two can't
drift apart unnoticed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from golive.environment import PUBLIC_SANDBOX_TENANT
from golive.kit.files import resources

if TYPE_CHECKING:
    from golive.scaffold.answers import Answers

TWIN = "twin"
REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(:-)?")
PRODUCTION = {
    "GOLIVE_TENANT": "GOLIVE_PRODUCTION_TENANT",
    "GOLIVE_PATIENT_ID": "GOLIVE_PRODUCTION_PATIENT_ID",
}
"""Names of their own, so that one `.env` can't send a sandbox's patient to production, or the reverse."""

KEY = """\
    private_key: ${GOLIVE_PRIVATE_KEY}
    key_id: ${GOLIVE_KEY_ID}
    algorithm: ES384
"""


def environment_texts(answers: Answers) -> dict[str, str]:
    """Return the text of each environment file by the environment's name, the twin's last."""
    made = {"sandbox": _sandbox, "production": _production}
    texts = {name: made[name](_shipped(name), answers) for name in answers.environments}
    return {**texts, TWIN: _shipped(TWIN)}


def variables_of(text: str) -> dict[str, bool]:
    """Return the variables that a file refers to, in its order, and whether it can't do without."""
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return {name: not default for name, default in REFERENCE.findall(code)}


def _shipped(name: str) -> str:
    """Return golive's own file without the line that names its schema, which is not there elsewhere."""
    text = (resources() / "environments" / f"{name}.yaml").read_text(encoding="utf-8")
    return re.sub(r"\A# yaml-language-server: .*\n#\n", "", text)


def _sandbox(text: str, answers: Answers) -> str:
    text = _said(text, "A developer sandbox, read-only.")
    tenant, own = f"${{GOLIVE_TENANT:-{PUBLIC_SANDBOX_TENANT}}}", answers.tenant
    if own and answers.environments == ("sandbox",):
        text = _swap(text, "title: Oracle's public developer sandbox", "title: A developer sandbox")
        text = re.sub(r"(?m)^# From the FHIR documentation's .*\n", "", text, count=1)
        text = _swap(text, tenant, f'"{own}"')
    else:
        text = _swap(text, tenant, PUBLIC_SANDBOX_TENANT)
    text = _swap(text, ", and GOLIVE_TENANT may name any other tenant.", ".")
    text = re.sub(r"(?m)^    # With a registered key(.*\n)(    #   .*\n)+", "", text, count=1)
    text = _credential(text, answers)
    if answers.data == "synthetic":
        old = text[text.index("# Its patients are meant") :]
        text = _swap(
            text, old, "# Everybody in it is invented: reports may show values.\ndata: synthetic\n"
        )
    return text


def _production(text: str, answers: Answers) -> str:
    text = _said(text, "A customer's production tenant, read-only.")
    text = _swap(text, "tenant: ${GOLIVE_TENANT}", f"tenant: {_yaml(answers.tenant)}")
    text = _swap(text, "${GOLIVE_PATIENT_ID}", f"${{{PRODUCTION['GOLIVE_PATIENT_ID']}}}")
    return _credential(text, answers)


def _yaml(tenant: str) -> str:
    if not tenant:
        return f"${{{PRODUCTION['GOLIVE_TENANT']}}}"
    return f'"{tenant}"'  # an id of digits alone would be a number


def _credential(text: str, answers: Answers) -> str:
    if answers.credential == "secret":
        return text
    text = _swap(text, "client_secret_basic", "private_key_jwt")
    return _swap(text, "    client_secret: ${GOLIVE_CLIENT_SECRET}\n", KEY)


def _said(text: str, first: str) -> str:
    """Put another first paragraph: the one there speaks of variables that may be called otherwise now."""
    _, mark, rest = text.partition("\n#\n")
    return f"# {first} Its variables are in .env.example.{mark}{rest}"


def _swap(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        message = f"golive's environment file holds {text.count(old)} times: {old!r}"
        raise ValueError(message)
    return text.replace(old, new)
