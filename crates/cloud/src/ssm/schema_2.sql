-- The KMS key that sealed a SecureString's value; empty where the folder's root key did, as in the first version.
ALTER TABLE ssm_version ADD COLUMN sealed_by TEXT;

-- When an Expiration policy removes the parameter, in milliseconds since 1970.
ALTER TABLE ssm_parameter ADD COLUMN due INTEGER;

CREATE INDEX ssm_parameter_due ON ssm_parameter (due) WHERE due IS NOT NULL;
