"""The bootstrap service on FastAPI: what bench/ measures beside ours, and what the tests hold ours to."""

import os

from fastapi import APIRouter, FastAPI

app = FastAPI()
v1 = APIRouter(prefix="/api/v1")


@app.get("/health")
async def health():
    return {"status": "healthy"}


@app.get("/")
async def root():
    environment = os.environ.get("ENVIRONMENT", "development")
    return {"app": "FastAPI Bootstrap", "version": "1.0.0", "environment": environment}


@v1.get("/")
async def welcome():
    return {"version": "v1", "message": "Welcome to API v1"}


app.include_router(v1)
