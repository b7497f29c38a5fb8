//! Approximate on-demand prices in US dollars of about [`AS_OF`]. The page that has the exact one is named beside each:
//! `https://aws.amazon.com/<page>/pricing/`.

/// About when the prices of the table held. They are not compared with the pages, other than by hand.
pub(super) const AS_OF: &str = "2025-06-01";

/// The regions of the table, in the order of its columns.
pub(super) const REGIONS: [&str; 8] = [
    "us-east-1",
    "us-east-2",
    "us-west-2",
    "eu-west-1",
    "eu-central-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
];

/// What a region is dearer than us-east-1 by where no column of its own is here: rounded from instances' prices.
const FACTORS: [f64; 8] = [1.0, 1.0, 1.0, 1.1, 1.17, 1.25, 1.25, 1.25];

/// The price of one unit in each region.
#[derive(Debug, Clone, Copy)]
pub(super) struct Price {
    pub(super) unit: &'static str,
    columns: Columns,
}

#[derive(Debug, Clone, Copy)]
enum Columns {
    /// One price everywhere.
    Same(f64),
    /// us-east-1's, and others' by their factor.
    Scaled(f64),
    Each([f64; 8]),
}

impl Price {
    const fn same(unit: &'static str, price: f64) -> Self {
        Self { unit, columns: Columns::Same(price) }
    }

    pub(super) const fn scaled(unit: &'static str, price: f64) -> Self {
        Self { unit, columns: Columns::Scaled(price) }
    }

    const fn each(unit: &'static str, columns: [f64; 8]) -> Self {
        Self { unit, columns: Columns::Each(columns) }
    }

    /// In the region of this column.
    pub(super) fn at(self, column: usize) -> f64 {
        let of = |columns: [f64; 8]| columns.get(column).copied().unwrap_or(columns[0]);
        match self.columns {
            Columns::Same(price) => price,
            Columns::Scaled(price) => price * of(FACTORS),
            Columns::Each(columns) => of(columns),
        }
    }
}

// fargate
pub(super) const VCPU: Price =
    Price::each("vCPU-hour", [0.04048, 0.04048, 0.04048, 0.04048, 0.04656, 0.05056, 0.04856, 0.05056]);
pub(super) const MEMORY: Price =
    Price::each("GB-hour", [0.004_445, 0.004_445, 0.004_445, 0.004_445, 0.00511, 0.00553, 0.00532, 0.00553]);
// vpc
pub(super) const NAT_HOUR: Price =
    Price::each("hour", [0.045, 0.045, 0.045, 0.048, 0.052, 0.059, 0.059, 0.062]);
pub(super) const NAT_GB: Price = Price::each("GB", [0.045, 0.045, 0.045, 0.048, 0.052, 0.059, 0.059, 0.062]);
pub(super) const PUBLIC_ADDRESS: Price = Price::same("hour", 0.005);
// privatelink
pub(super) const ENDPOINT: Price = Price::each("hour", [0.01, 0.01, 0.01, 0.011, 0.012, 0.013, 0.013, 0.014]);
pub(super) const ENDPOINT_GB: Price = Price::same("GB", 0.01);
// ec2/on-demand, data transfer to the internet, the first 10 TB
pub(super) const OUT_GB: Price = Price::each("GB", [0.09, 0.09, 0.09, 0.09, 0.09, 0.12, 0.114, 0.114]);
// ebs, gp3
pub(super) const DISK: Price = Price::scaled("GB-month", 0.08);
// elasticloadbalancing
pub(super) const BALANCER: Price =
    Price::each("hour", [0.0225, 0.0225, 0.0225, 0.0252, 0.027, 0.0252, 0.0252, 0.0243]);
pub(super) const CAPACITY: Price = Price::same("LCU-hour", 0.008);
// cloudfront, United States and Europe, the first 10 TB
pub(super) const CDN_GB: Price = Price::same("GB", 0.085);
pub(super) const CDN_REQUESTS: Price = Price::same("10,000 requests", 0.01);
// waf
pub(super) const FIREWALL: Price = Price::same("web ACL", 5.0);
pub(super) const FIREWALL_RULE: Price = Price::same("rule", 1.0);
pub(super) const FIREWALL_REQUESTS: Price = Price::same("million requests", 0.6);
// api-gateway, HTTP API, the first 300 million
pub(super) const GATEWAY: Price =
    Price::each("million requests", [1.0, 1.0, 1.0, 1.11, 1.2, 1.25, 1.29, 1.29]);
// sqs
pub(super) const QUEUE: Price = Price::same("million requests", 0.4);
pub(super) const FIFO_QUEUE: Price = Price::same("million requests", 0.5);
// s3, Standard, the first 50 TB
pub(super) const STORED: Price =
    Price::each("GB-month", [0.023, 0.023, 0.023, 0.023, 0.0245, 0.025, 0.025, 0.025]);
pub(super) const PUTS: Price = Price::scaled("1,000 requests", 0.005);
pub(super) const GETS: Price = Price::scaled("1,000 requests", 0.0004);
// ecr
pub(super) const IMAGES: Price = Price::same("GB-month", 0.1);
// rds/postgresql, gp3
pub(super) const RDS_DISK: Price = Price::scaled("GB-month", 0.115);
// rds/aurora, documentdb
pub(super) const CLUSTER_DISK: Price = Price::scaled("GB-month", 0.1);
pub(super) const CLUSTER_IO: Price = Price::scaled("million I/O", 0.2);
// eks
pub(super) const KUBERNETES: Price = Price::same("hour", 0.1);
// secrets-manager
pub(super) const SECRET: Price = Price::same("secret", 0.4);
// kms
pub(super) const KEY: Price = Price::same("key", 1.0);
// cloudwatch
pub(super) const LOG_GB: Price = Price::each("GB", [0.5, 0.5, 0.5, 0.57, 0.63, 0.7, 0.67, 0.76]);
pub(super) const LOG_STORED: Price = Price::same("GB-month", 0.03);
pub(super) const ALARM: Price = Price::same("alarm", 0.1);
pub(super) const DASHBOARD: Price = Price::same("dashboard", 3.0);
// lambda
pub(super) const CALLS: Price = Price::same("million calls", 0.2);
// sns, e-mail
pub(super) const MAILS: Price = Price::same("100,000 e-mails", 2.0);
// route53, which keeps a private namespace's names
pub(super) const ZONE: Price = Price::same("zone", 0.5);
