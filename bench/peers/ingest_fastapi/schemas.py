"""Request and response bodies, and the shape of a validation error."""

from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict

MISSING = {"msg": "field required", "type": "value_error.missing"}


class Email(BaseModel):
    """What is ingested. The timestamp is judged after the token, so any scalar passes here."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    email_subject: str
    email_sender: str
    email_timestream: int | float | str
    email_content: str


class IngestRequest(BaseModel):
    """The body of `POST /ingest`."""

    data: Email
    token: str | None = None


class IngestResponse(BaseModel):
    """What the client gets once the queue has the message."""

    status: str
    message_id: str
    received_at: str


def validation_detail(error: RequestValidationError) -> list[dict[str, Any]]:
    """The errors in the shape clients of the first version know."""
    return [_detail(entry) for entry in error.errors()]


def _detail(entry: dict[str, Any]) -> dict[str, Any]:
    if entry["type"] == "missing":
        return {"loc": entry["loc"], **MISSING}
    return {"loc": entry["loc"], "msg": entry["msg"], "type": entry["type"]}
