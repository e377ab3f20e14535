"""Keeps secrets and patients' data out of everything that is written.

Secrets are replaced by value, in every form that HTTP, JSON, HTML, a shell or a JWT gives them. There is
one redactor for the process, because the sinks (log records, exceptions, reports) can't be given an object.
Data from message bodies is shown only where the environment declares it synthetic; elsewhere a value is
described by its type and length.
"""

from __future__ import annotations

import copy
import re
import threading
from itertools import islice
from typing import Any
from urllib.parse import quote_plus

from golive.kit.invisible import escaped, visible
from golive.redaction.encodings import (
    AnyOf,
    Disguised,
    derived_forms,
    ends_of,
    private_numbers,
    reveals,
)
from golive.redaction.personal import PersonalMarks, Pseudonyms, personal_texts

MARK = "[redacted]"
CREDENTIAL, TOKEN, KEY, COOKIE = "credential", "token", "private key", "cookie"
"""The kinds of secrets, as a person calls them."""

SECRET_MEMBERS = ("access_token", "refresh_token", "id_token")
"""The members of a token response that are secrets, or may hold one."""

SHORTEST = 8
"""Shorter strings occur by chance, so they can't be replaced safely."""

BEGINNING = 20
"""So many characters of a secret's form show that it may stand in a text; a whole token would take long to look for."""

MOST_TEXTS = 100_000
"""Texts of persons that are looked for, each of which takes about a kilobyte; a full list of 1,000 messages has
some thousands, and most stand in the other lists as well."""

UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
"""ASCII's control characters, which could drive a terminal; `visible` names the others."""


NOT_HANDED = frozenset({"_lock", "_beginnings", "_disguised"})


class Redactor:
    """The values that must not be written, and whether message data may be shown."""

    def __init__(self) -> None:
        self.shows_data = False
        self.public: frozenset[str] = frozenset()
        """The contract's own words, and those of the environment file that are no secret."""
        self.marks = PersonalMarks()
        """What the contract marks as personal."""
        self._secrets: dict[str, str] = {}  # each with its kind, in the order of being learnt
        self._forms: set[str] = set()
        self._longest_first: tuple[str, ...] = ()
        self._beginnings: AnyOf | None = None
        self._cut: set[str] = set()
        self._disguised: Disguised | None = None
        self._ends: dict[str, str] = {}
        self._personal = Pseudonyms()
        self._lock = threading.Lock()

    def protect(self, *secrets: str, kind: str = CREDENTIAL, pieces: bool = True) -> None:
        """Replace these values, their derived forms and pieces of them from now on.

        `kind` is what a person calls them. Without `pieces`, only the whole of them counts.
        """
        with self._lock:  # exchanges are made on several threads
            for secret in secrets:
                if len(secret) >= SHORTEST and secret not in self._secrets:
                    self._secrets[secret] = kind
                    self._forms.update(f for f in derived_forms(secret) if len(f) >= SHORTEST)
                    self._ends.update(ends_of(secret))
                    self._beginnings = self._disguised = None
                    if pieces:
                        self._cut.add(secret)

    def learn(self, answer: object, *, personal: bool) -> bool:
        """Protect what a JSON answer holds: private keys always, persons' data unless it may be shown.

        Returns False, with nothing learnt of persons, where the answer holds more texts than can be looked for.
        """
        self.protect(*private_numbers(answer), kind=KEY)
        if not personal or self.shows_data:
            return True
        texts: set[str] = set()
        for text in personal_texts(answer, self.public):
            texts.add(text)
            if len(texts) + len(self._personal) > MOST_TEXTS:
                return False
        self.protect_personal(*texts)
        return True

    def protect_personal(self, *texts: str) -> None:
        """Replace these texts by pseudonyms from now on, unless data may be shown."""
        if not self.shows_data:
            with self._lock:
                for text in texts:
                    self._personal.add(text)

    def pseudonym(self, text: str) -> str:
        """Return what stands for a text that may not be shown."""
        return self._personal.pseudonym(text)

    def protect_pair(self, name: str, secret: str) -> None:
        """Protect a client credential: the secret itself and its HTTP Basic form."""
        self.protect(secret)
        # Their beginnings are the name's, which is no secret.
        pairs = f"{name}:{secret}", f"{quote_plus(name)}:{quote_plus(secret)}"
        self.protect(*pairs, pieces=False)

    @property
    def known(self) -> int:
        """How many secrets are known by now."""
        return len(self._secrets)

    def found_in(self, text: str, known: int | None = None) -> dict[str, str]:
        """Return which secrets stand in the text in whatever form, each with its kind.

        Only the first `known` count: what was learnt later could not be known when the text was written. A cookie does
        not: the server gave it out, so its answers may have it.
        """
        if self.without_secrets(text) == text:  # as in nearly every text
            return {}
        with self._lock:
            early = tuple(islice(self._secrets.items(), known))
        given = ((secret, kind) for secret, kind in early if kind != COOKIE)
        return {secret: kind for secret, kind in given if _stands_in(text, secret)}

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every protected value, to hand to another process in memory."""
        return tuple(sorted(self._secrets))

    def export_state(self) -> dict[str, Any]:
        """Return all that another process of this run must know, to hand it over in memory."""
        with self._lock:
            known = {n: value for n, value in vars(self).items() if n not in NOT_HANDED}
            return copy.deepcopy(known)

    def import_state(self, export_state: dict[str, Any]) -> None:
        """Take over what another process exported."""
        with self._lock:
            vars(self).update(export_state)
            self._beginnings = self._disguised = None

    def without_secrets(self, text: str) -> str:
        """Return the text with every form of a secret replaced."""
        if len(text) < SHORTEST:  # such as the sign of a check
            return text
        with self._lock:
            if self._beginnings is None:
                self._longest_first = tuple(sorted(self._forms, key=len, reverse=True))
                known = (*self._longest_first, *self._ends)
                self._beginnings = AnyOf({form[:BEGINNING] for form in known})
            beginnings = self._beginnings
        if not beginnings.stands_in(text):  # as in nearly every text
            return text
        with self._lock:
            forms, ends = self._longest_first, tuple(self._ends.items())
        for form in forms:
            if form in text:
                text = text.replace(form, MARK)
        for end, cut in ends:
            if end in text:
                text = re.sub(cut, MARK, text)
        return text

    def redact(self, text: str) -> str:
        """Return the text with every secret and every person's data replaced."""
        text = self.without_secrets(text)
        with self._lock:
            if self._disguised is None:
                self._disguised = Disguised(self._cut, self.public)
            disguised = self._disguised
        text = disguised.replaced(text, MARK)
        with self._lock:
            return self._personal.replace(text)

    def clear(self) -> None:
        """Forget everything (a test's clean start)."""
        self.__init__()  # type: ignore[misc]


REDACTOR = Redactor()


def _stands_in(text: str, secret: str) -> bool:
    """Return whether a form of the secret stands in a text. Many tokens share the first part of a JWT."""
    shared = secret.split(".")[0] if secret.startswith("eyJ") else ""
    forms = (form for form in derived_forms(secret) if len(form) >= SHORTEST and form != shared)
    return any(form in text for form in forms if reveals(form))


def redact(text: str) -> str:
    """Replace every protected value in the text, and escape what no report can carry."""
    return visible(UNPRINTABLE.sub(lambda match: escaped(match[0]), REDACTOR.redact(text)))


def redact_url(url: str) -> str:
    """Replace secrets and, where data may not be shown, patients' identifiers in a URL."""
    return redact(url if REDACTOR.shows_data else REDACTOR.marks.without_values(url))
