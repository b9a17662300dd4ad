"""The list of what is inside, for whoever must know it: CycloneDX 1.6 as JSON, read from the wheels themselves.

Source: https://cyclonedx.org/docs/1.6/json/
"""

import email
import uuid
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.bundle.wheels import sha256

TROVE = "License :: "


def metadata(wheel: Path) -> Message:
    """The METADATA of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        [name] = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        return email.message_from_string(archive.read(name).decode())


def licences(about: Message) -> list[dict[str, Any]]:
    """An SPDX expression where the package gives one, else what it calls its licence; empty where it says nothing."""
    if expression := about.get("License-Expression"):
        return [{"expression": expression}]
    classified = [
        each.rsplit(" :: ", 1)[1] for each in about.get_all("Classifier", []) if each.startswith(TROVE)
    ]
    said = (about.get("License") or "").strip()
    names = classified or ([said] if said and "\n" not in said else [])
    return [{"license": {"name": name}} for name in names]


def component(wheels: Iterable[Path], kind: str = "library") -> dict[str, Any]:
    """One package; its wheels are for different machines."""
    wheels = sorted(wheels)
    about = metadata(wheels[0])
    name, version = canonicalize_name(about["Name"]), about["Version"]
    reference = f"pkg:pypi/{name}@{version}"
    files = [
        {
            "type": "distribution",
            "url": f"wheels/{wheel.name}",
            "hashes": [{"alg": "SHA-256", "content": sha256(wheel)}],
        }
        for wheel in wheels
    ]
    said = licences(about)
    return {
        "type": kind,
        "bom-ref": reference,
        "name": name,
        "version": version,
        "purl": reference,
        **({"licenses": said} if said else {}),
        "externalReferences": files,
    }


def needs(wheel: Path, known: Mapping[str, str]) -> list[str]:
    """The references of the packages that this one asks for by itself. known: name → reference."""
    asked = map(Requirement, metadata(wheel).get_all("Requires-Dist", []))
    names = {canonicalize_name(each.name) for each in asked if "extra" not in str(each.marker or "")}
    return sorted(known[name] for name in names & known.keys())


def sbom(wheels: Mapping[str, list[Path]], app: str, made_at: datetime) -> dict[str, Any]:
    """The whole list. wheels: package → its files; app: the package that all others are for."""
    components = {
        name: component(files, "application" if name == app else "library") for name, files in wheels.items()
    }
    known = {name: each["bom-ref"] for name, each in components.items()}
    main = components.pop(app)
    digests = "".join(sorted(sha256(file) for files in wheels.values() for file in files))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digests)}",
        "version": 1,
        "metadata": {"timestamp": f"{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "component": main},
        "components": [components[name] for name in sorted(components)],
        "dependencies": [
            {"ref": known[name], "dependsOn": needs(wheels[name][0], known)} for name in sorted(known)
        ],
    }
