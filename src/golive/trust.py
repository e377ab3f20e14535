"""Whose certificates are trusted: those of the system, or those of one file instead."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def trusting(ca_bundle: Path | None) -> ssl.SSLContext:
    """Return what verifies servers; raises ssl.SSLError or OSError for a file that holds no certificates."""
    context = ssl.create_default_context(cafile=str(ca_bundle) if ca_bundle else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def is_usable(ca_bundle: Path) -> bool:
    """Say whether a file holds certificates in PEM form."""
    try:
        return bool(trusting(ca_bundle).cert_store_stats()["x509"])
    except OSError:  # ssl.SSLError is one
        return False
