"""Settings, read once from the environment."""

from botocore.config import Config
from pydantic_settings import BaseSettings


class ApiSettings(BaseSettings):
    """What the API needs. boto3 reads `AWS_ENDPOINT_URL` and the credentials itself."""

    aws_region: str
    ssm_token_param: str
    sqs_queue_url: str
    aws_max_retries: int = 5
    log_level: str = "INFO"


class WorkerSettings(BaseSettings):
    """What the worker needs."""

    aws_region: str
    sqs_queue_url: str
    s3_bucket: str
    app_env: str = "local"
    poll_wait_seconds: int = 20
    sleep_on_empty_seconds: float = 2
    visibility_timeout: int = 60
    max_messages: int = 10
    aws_max_retries: int = 5
    log_level: str = "INFO"


def client_config(region: str, max_retries: int) -> Config:
    """Enough pooled connections for every thread that shares a client."""
    return Config(
        region_name=region, max_pool_connections=50, retries={"max_attempts": max_retries, "mode": "standard"}
    )
