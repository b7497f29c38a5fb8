//! The requests of the parameter store, from the API model of 2014-11-06 (AWS Systems Manager API Reference).
//!
//! Three bounds are judged by the service itself, which has its own exception for them: the kinds of a tagged resource,
//! the number of labels, and a value's length.

use crate::json::shape::{
    ANY, FLAG, Operation, Shape, list, may, must, operation, pattern, secret, text, whole,
};

const NAME: Shape = text(1, 2048);
const NAMES: Shape = list(1, 10, &NAME);
const VALUE: Shape = secret(1, ANY);
const DESCRIPTION: Shape = text(0, 1024);
const KEY_ID: Shape = pattern(1, 256, "^([a-zA-Z0-9:/_-]+)$");
const ALLOWED_PATTERN: Shape = text(0, 1024);
const POLICIES: Shape = text(1, 4096);
const DATA_TYPE: Shape = text(0, 128);
const KIND: Shape = Shape::Choice(&["SecureString", "StringList", "String"]);
const TIER: Shape = Shape::Choice(&["Standard", "Advanced", "Intelligent-Tiering"]);
const TAG_KEY: Shape = pattern(1, 128, r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$");
const TAG_VALUE: Shape = pattern(0, 256, r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$");
const TAG: Shape = Shape::Structure(&[must("Key", &TAG_KEY), must("Value", &TAG_VALUE)]);
const TAGS: Shape = list(0, 1000, &TAG);
const TAG_KEYS: Shape = list(0, ANY, &TAG_KEY);
const TEXT: Shape = text(0, ANY);
const LABEL: Shape = text(1, 100);
const LABELS: Shape = list(1, 10, &LABEL);
const NEW_LABELS: Shape = list(1, ANY, &LABEL);
const VERSION: Shape = whole(i64::MIN, i64::MAX);
const TEN: Shape = whole(1, 10);
const FIFTY: Shape = whole(1, 50);
const FILTER_KEY: Shape = pattern(1, 132, "tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType");
const FILTER_OPTION: Shape = text(1, 10);
const FILTER_VALUE: Shape = text(1, 1024);
const FILTER_VALUES: Shape = list(1, 50, &FILTER_VALUE);
const FILTER: Shape = Shape::Structure(&[
    must("Key", &FILTER_KEY),
    may("Option", &FILTER_OPTION),
    may("Values", &FILTER_VALUES),
]);
const FILTERS: Shape = list(0, ANY, &FILTER);
const OLDER_KEY: Shape = Shape::Choice(&["Name", "Type", "KeyId"]);
const OLDER_FILTER: Shape = Shape::Structure(&[must("Key", &OLDER_KEY), must("Values", &FILTER_VALUES)]);
const OLDER_FILTERS: Shape = list(0, ANY, &OLDER_FILTER);

/// Every operation there is here.
pub(super) const OPERATIONS: &[Operation] = &[
    operation(
        "PutParameter",
        &[
            must("Name", &NAME),
            may("Description", &DESCRIPTION),
            must("Value", &VALUE),
            may("Type", &KIND),
            may("KeyId", &KEY_ID),
            may("Overwrite", &FLAG),
            may("AllowedPattern", &ALLOWED_PATTERN),
            may("Tags", &TAGS),
            may("Tier", &TIER),
            may("Policies", &POLICIES),
            may("DataType", &DATA_TYPE),
        ],
    ),
    operation("GetParameter", &[must("Name", &NAME), may("WithDecryption", &FLAG)]),
    operation("GetParameters", &[must("Names", &NAMES), may("WithDecryption", &FLAG)]),
    operation(
        "GetParametersByPath",
        &[
            must("Path", &NAME),
            may("Recursive", &FLAG),
            may("ParameterFilters", &FILTERS),
            may("WithDecryption", &FLAG),
            may("MaxResults", &TEN),
            may("NextToken", &TEXT),
        ],
    ),
    operation(
        "GetParameterHistory",
        &[
            must("Name", &NAME),
            may("WithDecryption", &FLAG),
            may("MaxResults", &FIFTY),
            may("NextToken", &TEXT),
        ],
    ),
    operation(
        "DescribeParameters",
        &[
            may("Filters", &OLDER_FILTERS),
            may("ParameterFilters", &FILTERS),
            may("MaxResults", &FIFTY),
            may("NextToken", &TEXT),
            may("Shared", &FLAG),
        ],
    ),
    operation("DeleteParameter", &[must("Name", &NAME)]),
    operation("DeleteParameters", &[must("Names", &NAMES)]),
    operation(
        "LabelParameterVersion",
        &[must("Name", &NAME), may("ParameterVersion", &VERSION), must("Labels", &NEW_LABELS)],
    ),
    operation(
        "UnlabelParameterVersion",
        &[must("Name", &NAME), must("ParameterVersion", &VERSION), must("Labels", &LABELS)],
    ),
    operation(
        "AddTagsToResource",
        &[must("ResourceType", &TEXT), must("ResourceId", &TEXT), must("Tags", &TAGS)],
    ),
    operation(
        "RemoveTagsFromResource",
        &[must("ResourceType", &TEXT), must("ResourceId", &TEXT), must("TagKeys", &TAG_KEYS)],
    ),
    operation("ListTagsForResource", &[must("ResourceType", &TEXT), must("ResourceId", &TEXT)]),
];
