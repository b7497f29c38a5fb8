"""POST /ingest: checks the token and hands the email to the queue."""

import json
import logging
from datetime import UTC, datetime

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from schemas import Email, IngestRequest, IngestResponse, validation_detail
from settings import ApiSettings, client_config
from tokens import TokenStore

settings = ApiSettings()
logging.basicConfig(level=settings.log_level)
log = logging.getLogger("ingest")

config = client_config(settings.aws_region, settings.aws_max_retries)
sqs = boto3.client("sqs", config=config)
ssm = boto3.client("ssm", config=config)
tokens = TokenStore(ssm, settings.ssm_token_param)

app = FastAPI(title="Ingest")


@app.exception_handler(RequestValidationError)
async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    """422 in the shape clients know."""
    return JSONResponse({"detail": validation_detail(error)}, status_code=422)


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    """Liveness."""
    return {"status": "ok"}


@app.post("/ingest")
def ingest(request: IngestRequest) -> IngestResponse:
    """Acknowledges an email once the queue has it."""
    check_token(request.token)
    received_at = datetime.now(UTC).isoformat(timespec="microseconds")
    message = {
        **request.data.model_dump(),
        "email_timestream": unix_timestamp(request.data),
        "received_at": received_at,
    }
    return IngestResponse(status="accepted", message_id=publish(message), received_at=received_at)


def check_token(token: str | None) -> None:
    """401 without a token, 403 with a wrong one."""
    if not token:
        raise HTTPException(401, "Token is required")
    try:
        accepted = tokens.accepts(token)
    except ssm.exceptions.ParameterNotFound as error:
        raise HTTPException(500, "Token parameter not found") from error
    except (BotoCoreError, ClientError) as error:
        log.exception("could not read the token")
        raise HTTPException(500, "Failed to retrieve token") from error
    if not accepted:
        raise HTTPException(403, "Invalid token")


def unix_timestamp(email: Email) -> int:
    """Whole seconds; 400 for what is no date."""
    try:
        seconds = int(email.email_timestream)
        datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise HTTPException(400, "email_timestream must be a unix timestamp") from error
    return seconds


def publish(message: dict[str, object]) -> str:
    """The id the queue gave the message."""
    try:
        return str(sqs.send_message(QueueUrl=settings.sqs_queue_url, MessageBody=json.dumps(message))["MessageId"])
    except (BotoCoreError, ClientError) as error:
        log.exception("could not publish")
        raise HTTPException(500, "Failed to publish message") from error
