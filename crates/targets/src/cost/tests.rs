//! Totals, bounds and regions of the estimates, and what is not in the table.

use model::System;

use super::prices::REGIONS;
use super::{Amount, Estimate, cost};

const SYSTEMS: [(&str, &str); 5] = [
    ("bootstrap", include_str!("../../../../systems/bootstrap/taxiway.yaml")),
    ("flights", include_str!("../../../../systems/flights/taxiway.yaml")),
    ("ingest", include_str!("../../../../systems/ingest/taxiway.yaml")),
    ("knowledge", include_str!("../../../../systems/knowledge/taxiway.yaml")),
    ("tracker", include_str!("../../../../systems/tracker/taxiway.yaml")),
];

const SHOP: &str = "
name: shop
services:
  api: { type: web, build: ., port: 8000, cpu: 1024, memory: 2Gi, http: { path: / }, scale: { min: 1, max: 2 }, uses: { db: readwrite } }
resources:
  db: { type: postgres, version: \"16\", size: db.t4g.micro, storage: 20Gi }
aws: { region: us-east-1 }
";

fn system(text: &str, environment: Option<&str>) -> System {
    let manifest = model::read("taxiway.yaml", text, &|_| None).expect("the manifest is read");
    model::resolve(&manifest, environment).expect("the manifest is resolved")
}

fn shop(from: &str, to: &str) -> Estimate {
    assert!(SHOP.contains(from), "{from}");
    cost(&system(&SHOP.replace(from, to), None))
}

fn line(estimate: &Estimate, resource: &str, what: &str) -> Amount {
    let line = estimate.lines.iter().find(|line| line.resource == resource && line.what == what);
    line.and_then(|line| line.month).unwrap_or_else(|| panic!("{resource}: {what} has no price"))
}

fn assert_near(is: f64, expect: f64) {
    assert!((is - expect).abs() < 0.005, "{is} is not {expect}");
}

#[test]
fn every_system_has_an_estimate() {
    for (name, text) in SYSTEMS {
        let manifest = model::read("taxiway.yaml", text, &|_| None).expect("the systems' manifests are read");
        for environment in manifest.environments().filter(|name| *name != "local") {
            let estimate = cost(&system(text, Some(environment)));
            let Amount { low, high } = estimate.total;
            assert!(low > 10.0 && high > low && high < 50_000.0, "{name} {environment}: {low} {high}");
            let unknown: Vec<_> = estimate.lines.iter().filter(|line| line.price.is_none()).collect();
            assert!(unknown.is_empty(), "{name} {environment}: {unknown:?}");
        }
    }
}

#[test]
fn lines_add_up() {
    for (name, text) in SYSTEMS {
        let manifest = model::read("taxiway.yaml", text, &|_| None).expect("the systems' manifests are read");
        for environment in manifest.environments() {
            let estimate = cost(&system(text, Some(environment)));
            let months: Vec<Amount> = estimate.lines.iter().filter_map(|line| line.month).collect();
            assert!(!months.is_empty(), "{name} {environment}");
            assert_near(estimate.total.low, months.iter().map(|month| month.low).sum());
            assert_near(estimate.total.high, months.iter().map(|month| month.high).sum());
            for line in &estimate.lines {
                let (Some(price), Some(month)) = (line.price, line.month) else { continue };
                assert_near(month.low, price * line.quantity.low);
                assert_near(month.high, price * line.quantity.high);
            }
        }
    }
}

#[test]
fn a_task_and_a_database_cost_what_the_list_says() {
    let estimate = shop("min: 1", "min: 1");
    let vcpu = line(&estimate, "api", "Fargate vCPU");
    assert_near(vcpu.low, 0.04048 * 730.0);
    assert_near(vcpu.high, 0.04048 * 730.0 * 2.0);
    assert_near(line(&estimate, "api", "Fargate memory").low, 0.004_445 * 2.0 * 730.0);
    assert_near(line(&estimate, "db", "db.t4g.micro").low, 0.016 * 730.0);
    assert_near(line(&estimate, "db", "RDS storage").low, 0.115 * 20.0);
}

#[test]
fn more_costs_more() {
    let before = shop("max: 2", "max: 2");
    assert!(shop("max: 2", "max: 9").total.high > before.total.high);
    assert!(shop("min: 1", "min: 2").total.low > before.total.low);
    assert!(shop("cpu: 1024, memory: 2Gi", "cpu: 2048, memory: 4Gi").total.low > before.total.low);
    assert!(shop("storage: 20Gi", "storage: 20Gi, multi_az: true").total.low > before.total.low);
}

#[test]
fn a_region_has_its_own_prices() {
    let home = shop("us-east-1", "us-east-1").total;
    for region in REGIONS {
        let there = shop("us-east-1", region);
        assert_eq!((there.region.as_str(), there.priced_in), (region, region));
        assert!(there.total.low >= home.low && there.total.low < home.low * 1.5, "{region}");
    }
    assert!(shop("us-east-1", "ap-northeast-1").total.low > home.low);
}

#[test]
fn what_is_not_in_the_table_is_not_guessed() {
    let elsewhere = shop("us-east-1", "sa-east-1");
    assert_eq!((elsewhere.region.as_str(), elsewhere.priced_in), ("sa-east-1", "us-east-1"));
    let estimate = shop("db.t4g.micro", "db.x99.huge");
    let unknown: Vec<_> = estimate.lines.iter().filter(|line| line.month.is_none()).collect();
    assert_eq!(unknown.iter().map(|line| line.what.as_str()).collect::<Vec<_>>(), ["db.x99.huge"]);
    assert!(estimate.total.low < shop("min: 1", "min: 1").total.low);
}
