//! Instances' prices an hour in us-east-1, Linux or the engine's license included, one zone.

use super::prices::Price;

type Table = &'static [(&'static str, f64)];

/// ec2/on-demand.
pub(super) const EC2: Table = &[
    ("c6i.large", 0.085),
    ("c6i.xlarge", 0.17),
    ("m5.large", 0.096),
    ("m5.xlarge", 0.192),
    ("m6g.large", 0.077),
    ("m6i.large", 0.096),
    ("m6i.xlarge", 0.192),
    ("m7g.large", 0.0816),
    ("m7i.large", 0.1008),
    ("r6i.large", 0.126),
    ("t3.large", 0.0832),
    ("t3.medium", 0.0416),
    ("t3.small", 0.0208),
    ("t3.xlarge", 0.1664),
    ("t3a.large", 0.0752),
    ("t3a.medium", 0.0376),
    ("t4g.large", 0.0672),
    ("t4g.medium", 0.0336),
];

/// rds/postgresql.
pub(super) const POSTGRES: Table = &[
    ("db.m5.large", 0.178),
    ("db.m6g.large", 0.159),
    ("db.m7g.large", 0.168),
    ("db.r6g.large", 0.225),
    ("db.r7g.large", 0.239),
    ("db.t3.medium", 0.072),
    ("db.t3.micro", 0.018),
    ("db.t3.small", 0.036),
    ("db.t4g.large", 0.129),
    ("db.t4g.medium", 0.065),
    ("db.t4g.micro", 0.016),
    ("db.t4g.small", 0.032),
];

/// rds/aurora, PostgreSQL, Standard.
pub(super) const AURORA: Table = &[
    ("db.r5.large", 0.29),
    ("db.r6g.large", 0.26),
    ("db.r7g.large", 0.276),
    ("db.t3.medium", 0.082),
    ("db.t4g.medium", 0.073),
];

/// documentdb.
pub(super) const DOCUMENTDB: Table =
    &[("db.r5.large", 0.277), ("db.r6g.large", 0.26349), ("db.t3.medium", 0.078), ("db.t4g.medium", 0.07566)];

/// elasticache, Redis OSS.
pub(super) const CACHE: Table = &[
    ("cache.m6g.large", 0.149),
    ("cache.m7g.large", 0.158),
    ("cache.r6g.large", 0.206),
    ("cache.r7g.large", 0.219),
    ("cache.t3.micro", 0.017),
    ("cache.t4g.medium", 0.065),
    ("cache.t4g.micro", 0.016),
    ("cache.t4g.small", 0.032),
];

/// The price of an hour of this class, where the table has it.
pub(super) fn hour(table: Table, class: &str) -> Option<Price> {
    table.iter().find(|(known, _)| *known == class).map(|(_, price)| Price::scaled("hour", *price))
}
