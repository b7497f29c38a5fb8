//! The requests of STS, from its API model of 2011-06-15.

use crate::json::shape::{ANY, Operation, Shape, list, may, must, operation, pattern, secret, text, whole};

/// The model's pattern of an ARN excludes nothing that a text can have but control characters.
const ARN: Shape =
    pattern(20, 2048, r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+");
const SESSION_NAME: Shape = pattern(2, 64, r"[\w+=,.@-]*");
const USER_NAME: Shape = pattern(2, 32, r"[\w+=,.@-]*");
const POLICY: Shape = pattern(1, ANY, r"[\u0009\u000A\u000D\u0020-\u00FF]+");
const SHORT_POLICY: Shape = pattern(1, 2048, r"[\u0009\u000A\u000D\u0020-\u00FF]+");
const ROLE_SECONDS: Shape = whole(900, 43_200);
const SECONDS: Shape = whole(900, 129_600);
const TAG_KEY: Shape = pattern(1, 128, r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+");
const TAG_VALUE: Shape = pattern(0, 256, r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*");
const TAG: Shape = Shape::Structure(&[must("Key", &TAG_KEY), must("Value", &TAG_VALUE)]);
const TAGS: Shape = list(0, 50, &TAG);
const TAG_KEYS: Shape = list(0, 50, &TAG_KEY);
const DESCRIPTOR: Shape = Shape::Structure(&[may("arn", &ARN)]);
const DESCRIPTORS: Shape = list(0, ANY, &DESCRIPTOR);
const EXTERNAL_ID: Shape = pattern(2, 1224, r"[\w+=,.@:\/-]*");
const SERIAL: Shape = pattern(9, 256, r"[\w+=/:,.@-]*");
const CODE: Shape = pattern(6, 6, r"[\d]*");
const ACCESS_KEY: Shape = pattern(16, 128, r"[\w]*");
const TOKEN: Shape = secret(4, 20_000);
const PROVIDER: Shape = text(4, 2048);

/// Every operation there is here.
pub(super) const OPERATIONS: &[Operation] = &[
    operation(
        "AssumeRole",
        &[
            must("RoleArn", &ARN),
            must("RoleSessionName", &SESSION_NAME),
            may("PolicyArns", &DESCRIPTORS),
            may("Policy", &POLICY),
            may("DurationSeconds", &ROLE_SECONDS),
            may("Tags", &TAGS),
            may("TransitiveTagKeys", &TAG_KEYS),
            may("ExternalId", &EXTERNAL_ID),
            may("SerialNumber", &SERIAL),
            may("TokenCode", &CODE),
            may("SourceIdentity", &SESSION_NAME),
        ],
    ),
    operation(
        "AssumeRoleWithWebIdentity",
        &[
            must("RoleArn", &ARN),
            must("RoleSessionName", &SESSION_NAME),
            must("WebIdentityToken", &TOKEN),
            may("ProviderId", &PROVIDER),
            may("PolicyArns", &DESCRIPTORS),
            may("Policy", &SHORT_POLICY),
            may("DurationSeconds", &ROLE_SECONDS),
        ],
    ),
    operation("GetAccessKeyInfo", &[must("AccessKeyId", &ACCESS_KEY)]),
    operation("GetCallerIdentity", &[]),
    operation(
        "GetFederationToken",
        &[
            must("Name", &USER_NAME),
            may("Policy", &SHORT_POLICY),
            may("PolicyArns", &DESCRIPTORS),
            may("DurationSeconds", &SECONDS),
            may("Tags", &TAGS),
        ],
    ),
    operation(
        "GetSessionToken",
        &[may("DurationSeconds", &SECONDS), may("SerialNumber", &SERIAL), may("TokenCode", &CODE)],
    ),
];
