//! Log groups.

use model::System;

/// What CloudWatch Logs takes for a retention, in days (CloudWatch Logs API Reference, PutRetentionPolicy).
const RETENTIONS: &[u32] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/// How long logs are kept, in days: what was written, or the next that AWS has.
pub(super) fn days(system: &System) -> u32 {
    let wanted = whole_days(system.aws.log_retention.as_secs());
    RETENTIONS.iter().copied().find(|days| *days >= wanted).unwrap_or(3653)
}

/// Days, begun ones whole.
pub(super) fn whole_days(seconds: u64) -> u32 {
    u32::try_from(seconds.div_ceil(24 * 60 * 60)).unwrap_or(u32::MAX)
}
