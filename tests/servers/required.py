"""What happens to a test whose real server cannot be had: skipped with the reason, or failed where all must run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import NoReturn

import pytest


def services_are_required(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a missing service is a failure: CI=true, or COMPLAINTBOT_REQUIRE_SERVICES=1."""
    return environ.get("CI") == "true" or environ.get("COMPLAINTBOT_REQUIRE_SERVICES") == "1"


def missing(service: str, reason: str) -> NoReturn:
    """End the test: `service` cannot be had, for `reason`."""
    sentence = f"{service} cannot be had: {reason}"
    if services_are_required():
        pytest.fail(f"{sentence} (a failure, because CI=true or COMPLAINTBOT_REQUIRE_SERVICES=1)", pytrace=False)
    pytest.skip(sentence)


def program(service: str, *names: str) -> str:
    """Return the path of the first of the programs that is installed; ends the test if none is."""
    # Servers live in /usr/sbin, which the PATH of ordinary users often lacks.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    for name in names:
        if found := shutil.which(name, path=path):
            return found
    missing(service, f"no {' or '.join(names)} is installed (make services installs it)")
