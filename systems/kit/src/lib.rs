//! What the five systems share: settings, errors, health, telemetry and shutdown.
