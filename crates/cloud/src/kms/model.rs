//! The requests of KMS, from its API model of 2014-11-01 (AWS KMS API Reference).

use crate::json::shape::{
    ANY, FLAG, Member, Operation, Shape, list, may, must, operation, pattern, text, whole,
};

const KEY_ID: Shape = text(1, 2048);
const ALIAS: Shape = pattern(1, 256, "^[a-zA-Z0-9:/_-]+$");
const POLICY: Shape = pattern(1, 131_072, r"[\u0009\u000A\u000D\u0020-\u00FF]+");
const POLICY_NAME: Shape = pattern(1, 128, r"[\w]+");
const DESCRIPTION: Shape = text(0, 8192);
const LIMIT: Shape = whole(1, 1000);
const MARKER: Shape = pattern(1, 1024, r"[\u0020-\u00FF]*");
const TAG_KEY: Shape = text(1, 128);
const TAG_VALUE: Shape = text(0, 256);
const TAG: Shape = Shape::Structure(&[must("TagKey", &TAG_KEY), must("TagValue", &TAG_VALUE)]);
const TAGS: Shape = list(0, ANY, &TAG);
const TAG_KEYS: Shape = list(0, ANY, &TAG_KEY);
const TOKEN: Shape = text(1, 8192);
const TOKENS: Shape = list(0, 10, &TOKEN);
const PLAINTEXT: Shape = Shape::Blob { least: 1, most: 4096 };
const CIPHERTEXT: Shape = Shape::Blob { least: 1, most: 6144 };
const BYTES: Shape = whole(1, 1024);
const WINDOW: Shape = whole(1, 365);
const PERIOD: Shape = whole(90, 2560);
const GRANT_ID: Shape = text(1, 128);
const PRINCIPAL: Shape = pattern(1, 256, r"^[\w+=,.@:/-]+$");
const STORE: Shape = text(1, 64);
const XKS_KEY: Shape = pattern(1, 128, "^[a-zA-Z0-9-_.]+$");
const USAGE: Shape =
    Shape::Choice(&["SIGN_VERIFY", "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"]);
const DATA_KEY: Shape = Shape::Choice(&["AES_256", "AES_128"]);
const ORIGIN: Shape = Shape::Choice(&["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"]);
const MATERIAL: Shape = Shape::Choice(&["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"]);
const ALGORITHM: Shape =
    Shape::Choice(&["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"]);
const MASTER_SPEC: Shape = Shape::Choice(&[
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "ECC_NIST_P256",
    "ECC_NIST_P384",
    "ECC_NIST_P521",
    "ECC_SECG_P256K1",
    "SYMMETRIC_DEFAULT",
    "HMAC_224",
    "HMAC_256",
    "HMAC_384",
    "HMAC_512",
    "SM2",
]);
const SPEC: Shape = Shape::Choice(&[
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "ECC_NIST_P256",
    "ECC_NIST_P384",
    "ECC_NIST_P521",
    "ECC_SECG_P256K1",
    "SYMMETRIC_DEFAULT",
    "HMAC_224",
    "HMAC_256",
    "HMAC_384",
    "HMAC_512",
    "SM2",
    "ML_DSA_44",
    "ML_DSA_65",
    "ML_DSA_87",
    "ECC_NIST_EDWARDS25519",
]);
const GRANTED: Shape = Shape::Choice(&[
    "Decrypt",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
    "Sign",
    "Verify",
    "GetPublicKey",
    "CreateGrant",
    "RetireGrant",
    "DescribeKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateMac",
    "VerifyMac",
    "DeriveSharedSecret",
]);
const GRANTED_OPERATIONS: Shape = list(0, ANY, &GRANTED);
const CONSTRAINTS: Shape = Shape::Structure(&[
    may("EncryptionContextSubset", &Shape::Map),
    may("EncryptionContextEquals", &Shape::Map),
]);
const JUST_KEY: &[Member] = &[must("KeyId", &KEY_ID)];
const DATA_KEY_MEMBERS: &[Member] = &[
    must("KeyId", &KEY_ID),
    may("EncryptionContext", &Shape::Map),
    may("NumberOfBytes", &BYTES),
    may("KeySpec", &DATA_KEY),
    may("GrantTokens", &TOKENS),
    may("DryRun", &FLAG),
];

/// Every operation there is here.
pub(super) const OPERATIONS: &[Operation] = &[
    operation("CancelKeyDeletion", JUST_KEY),
    operation("CreateAlias", &[must("AliasName", &ALIAS), must("TargetKeyId", &KEY_ID)]),
    operation(
        "CreateGrant",
        &[
            must("KeyId", &KEY_ID),
            must("GranteePrincipal", &PRINCIPAL),
            may("RetiringPrincipal", &PRINCIPAL),
            must("Operations", &GRANTED_OPERATIONS),
            may("Constraints", &CONSTRAINTS),
            may("GrantTokens", &TOKENS),
            may("Name", &ALIAS),
            may("DryRun", &FLAG),
        ],
    ),
    operation(
        "CreateKey",
        &[
            may("Policy", &POLICY),
            may("Description", &DESCRIPTION),
            may("KeyUsage", &USAGE),
            may("CustomerMasterKeySpec", &MASTER_SPEC),
            may("KeySpec", &SPEC),
            may("Origin", &ORIGIN),
            may("CustomKeyStoreId", &STORE),
            may("BypassPolicyLockoutSafetyCheck", &FLAG),
            may("Tags", &TAGS),
            may("MultiRegion", &FLAG),
            may("XksKeyId", &XKS_KEY),
        ],
    ),
    operation(
        "Decrypt",
        &[
            may("CiphertextBlob", &CIPHERTEXT),
            may("EncryptionContext", &Shape::Map),
            may("GrantTokens", &TOKENS),
            may("KeyId", &KEY_ID),
            may("EncryptionAlgorithm", &ALGORITHM),
            may("DryRun", &FLAG),
        ],
    ),
    operation("DeleteAlias", &[must("AliasName", &ALIAS)]),
    operation("DescribeKey", &[must("KeyId", &KEY_ID), may("GrantTokens", &TOKENS)]),
    operation("DisableKey", JUST_KEY),
    operation("DisableKeyRotation", JUST_KEY),
    operation("EnableKey", JUST_KEY),
    operation("EnableKeyRotation", &[must("KeyId", &KEY_ID), may("RotationPeriodInDays", &PERIOD)]),
    operation(
        "Encrypt",
        &[
            must("KeyId", &KEY_ID),
            must("Plaintext", &PLAINTEXT),
            may("EncryptionContext", &Shape::Map),
            may("GrantTokens", &TOKENS),
            may("EncryptionAlgorithm", &ALGORITHM),
            may("DryRun", &FLAG),
        ],
    ),
    operation("GenerateDataKey", DATA_KEY_MEMBERS),
    operation("GenerateDataKeyWithoutPlaintext", DATA_KEY_MEMBERS),
    operation("GenerateRandom", &[may("NumberOfBytes", &BYTES), may("CustomKeyStoreId", &STORE)]),
    operation("GetKeyPolicy", &[must("KeyId", &KEY_ID), may("PolicyName", &POLICY_NAME)]),
    operation("GetKeyRotationStatus", JUST_KEY),
    operation("ListAliases", &[may("KeyId", &KEY_ID), may("Limit", &LIMIT), may("Marker", &MARKER)]),
    operation(
        "ListGrants",
        &[
            may("Limit", &LIMIT),
            may("Marker", &MARKER),
            must("KeyId", &KEY_ID),
            may("GrantId", &GRANT_ID),
            may("GranteePrincipal", &PRINCIPAL),
        ],
    ),
    operation("ListKeyPolicies", &[must("KeyId", &KEY_ID), may("Limit", &LIMIT), may("Marker", &MARKER)]),
    operation(
        "ListKeyRotations",
        &[
            must("KeyId", &KEY_ID),
            may("IncludeKeyMaterial", &MATERIAL),
            may("Limit", &LIMIT),
            may("Marker", &MARKER),
        ],
    ),
    operation("ListKeys", &[may("Limit", &LIMIT), may("Marker", &MARKER)]),
    operation("ListResourceTags", &[must("KeyId", &KEY_ID), may("Limit", &LIMIT), may("Marker", &MARKER)]),
    operation(
        "ListRetirableGrants",
        &[may("Limit", &LIMIT), may("Marker", &MARKER), must("RetiringPrincipal", &PRINCIPAL)],
    ),
    operation(
        "PutKeyPolicy",
        &[
            must("KeyId", &KEY_ID),
            may("PolicyName", &POLICY_NAME),
            must("Policy", &POLICY),
            may("BypassPolicyLockoutSafetyCheck", &FLAG),
        ],
    ),
    operation(
        "ReEncrypt",
        &[
            may("CiphertextBlob", &CIPHERTEXT),
            may("SourceEncryptionContext", &Shape::Map),
            may("SourceKeyId", &KEY_ID),
            must("DestinationKeyId", &KEY_ID),
            may("DestinationEncryptionContext", &Shape::Map),
            may("SourceEncryptionAlgorithm", &ALGORITHM),
            may("DestinationEncryptionAlgorithm", &ALGORITHM),
            may("GrantTokens", &TOKENS),
            may("DryRun", &FLAG),
        ],
    ),
    operation(
        "RetireGrant",
        &[may("GrantToken", &TOKEN), may("KeyId", &KEY_ID), may("GrantId", &GRANT_ID), may("DryRun", &FLAG)],
    ),
    operation("RevokeGrant", &[must("KeyId", &KEY_ID), must("GrantId", &GRANT_ID), may("DryRun", &FLAG)]),
    operation("RotateKeyOnDemand", JUST_KEY),
    operation("ScheduleKeyDeletion", &[must("KeyId", &KEY_ID), may("PendingWindowInDays", &WINDOW)]),
    operation("TagResource", &[must("KeyId", &KEY_ID), must("Tags", &TAGS)]),
    operation("UntagResource", &[must("KeyId", &KEY_ID), must("TagKeys", &TAG_KEYS)]),
    operation("UpdateAlias", &[must("AliasName", &ALIAS), must("TargetKeyId", &KEY_ID)]),
    operation("UpdateKeyDescription", &[must("KeyId", &KEY_ID), must("Description", &DESCRIPTION)]),
];
