"""The description of the JSON interface; of findings it is made from their own types."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from gallery.findings.results import Findings

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "number"}
WHOLE: dict[str, Any] = {"type": "integer"}
OBJECT: dict[str, Any] = {"type": "object"}

STUDY = {
    **dict.fromkeys(("slug", "title", "purpose", "medium", "state", "url", "page"), TEXT),
    "simulated": {"type": "boolean"},
    "version": WHOLE,
    **{name: {"type": ["string", "null"]} for name in ("opened_at", "closed_at")},
}
WORK = {
    **dict.fromkeys(("code", "medium", "origin", "source_class", "maker", "title"), TEXT),
    **dict.fromkeys(("year", "licence", "credit", "url", "page"), TEXT),
    **dict.fromkeys(("width", "height"), WHOLE),
}
LOOK = {
    **dict.fromkeys(("at", "item"), TEXT),
    "final": {"type": "boolean"},
    **dict.fromkeys(("raters", "answers"), WHOLE),
    **dict.fromkeys(("estimate", "error", "low", "high"), NUMBER),
}


def document(server: str) -> dict[str, Any]:
    """OpenAPI 3.1 (spec.openapis.org/oas/v3.1.0)."""
    findings = TypeAdapter(Findings).json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    parts = findings.pop("$defs", {})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Unsigned",
            "version": "1",
            "summary": "Studies of how creative works by people and by machines are, blind.",
        },
        "servers": [{"url": server.rstrip("/")}],
        "paths": {
            "/api/studies/": _get("All studies, newest first.", {"studies": _many("Study")}),
            "/api/studies/{slug}/": _get(
                "One study with its findings.",
                {
                    **STUDY,
                    "protocol": OBJECT,
                    "computed_at": {"type": ["string", "null"]},
                    "findings": {"anyOf": [_one("Findings"), {"type": "null"}]},
                    "looks": _many("Look"),
                },
                _parameter("slug", "path"),
            ),
            "/api/works/": _get(
                "A hundred works at a time.",
                {"page": WHOLE, "pages": WHOLE, "count": WHOLE, "works": _many("Work")},
                _parameter("page", "query"),
            ),
            "/api/works/{code}/": _get(
                "One work.",
                {
                    **WORK,
                    "recipe": {"type": ["object", "null"]},
                    "text": {"type": ["string", "null"]},
                },
                _parameter("code", "path"),
            ),
        },
        "components": {
            "schemas": {
                "Study": _properties(STUDY),
                "Work": _properties(WORK),
                "Look": _properties(LOOK),
                "Findings": findings,
                **parts,
            }
        },
    }


def _get(summary: str, properties: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    answer = {
        "description": summary,
        "content": {"application/json": {"schema": _properties(properties)}},
    }
    wait = {"description": "Too many requests from one network. Wait as Retry-After says."}
    told: dict[str, Any] = {"summary": summary, "responses": {"200": answer, "429": wait}}
    if parameters:
        told["parameters"] = list(parameters)
        told["responses"]["404"] = {"description": "There is none."}
    return {"get": told}


def _properties(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _parameter(name: str, place: str) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": TEXT}


def _one(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _many(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _one(name)}
