"""Whom a connection trusts: the system's authorities or the environment's, and nothing of the surroundings."""

from __future__ import annotations

import ssl
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def trust(ca_bundle: Path | None, *, nobody: bool = False) -> ssl.SSLContext:
    """Return the context of every TLS connection; raises OSError for a file that holds no certificates.

    Where no host is asked by TLS, it may trust `nobody`: to read all of the system's authorities takes a while.

    Not by `ssl.create_default_context`: that one writes the session keys into the file that SSLKEYLOGFILE names.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # certificate and host name are demanded
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if sys.version_info >= (3, 13):  # as Python's own defaults demand of a chain from then on
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
    if ca_bundle:
        context.load_verify_locations(cafile=str(ca_bundle))
    elif not nobody:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    return context


def is_usable(ca_bundle: Path) -> bool:
    """Say whether a file holds certificates in PEM form."""
    try:
        return bool(trust(ca_bundle).cert_store_stats()["x509"])
    except OSError:  # ssl.SSLError is one
        return False


def certificate_ends(stream: Any) -> datetime | None:
    """Return when the certificate at the other end of a network stream expires; None where it shows none."""
    connection = stream.get_extra_info("ssl_object") if stream is not None else None
    certificate = connection.getpeercert() if connection is not None else None
    if not certificate:
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
