"""HTTPS with the certificates of `tests/cases/tls`, and as servers spoke it long ago."""

from __future__ import annotations

import ssl
import warnings
from pathlib import Path

TLS = Path(__file__).parents[2] / "cases" / "tls"
AUTHORITY = str(TLS / "authority.pem")
"""Whom a client has to trust to like `good`."""


def speaking(certificate: str) -> ssl.SSLContext:
    """A server that shows one of the certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / f"{certificate}.pem")
    return context


def speaking_old() -> ssl.SSLContext:
    """A server with a good certificate that knows no TLS after 1.1."""
    context = speaking("good")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context
