//! How a new release replaces the old one of a service.

use std::collections::BTreeMap;

use super::{Scene, suggestion};
use crate::language::{At, Item};
use crate::problem::Findings;
use crate::system::{Hook, Migration, Percent, Program, Rollout, Shift, Span, Strategy};
use crate::written::Service;
use crate::written::rollout::{self, StrategyWord};
use crate::written::service::TypeWord;
use crate::yaml::shorten;

/// How long an old set stays ready where the strategy has one.
const BAKE: Span = Span::from_secs(300);

/// The rollout of one service.
pub(super) fn resolve(
    scene: &Scene<'_>,
    name: &str,
    item: &Item<Service>,
    findings: &mut Findings,
) -> Rollout {
    let service = &item.at.value;
    let written = &service.rollout.value;
    let mut unheard = Findings::default();
    let findings = if *service.r#type == TypeWord::Job { &mut unheard } else { findings };
    let strategy = strategy(scene, name, service, findings);
    let two_sets = !matches!(strategy, Strategy::Rolling | Strategy::Recreate);
    let bake = match &written.bake {
        Some(bake) => bake.0,
        None if two_sets => BAKE,
        None => Span::ZERO,
    };
    Rollout {
        strategy,
        bake,
        rollback_on: rollback_on(scene, name, written, findings),
        migrate: written.migrate.as_ref().map(|migrate| Migration {
            run: migrate.run.0.clone(),
            command: migrate.command.as_ref().unwrap_or(&migrate.run).0.clone(),
            reversible: migrate.reversible.value,
        }),
        hooks: hooks(name, service, two_sets, findings),
    }
}

fn strategy(scene: &Scene<'_>, name: &str, service: &Service, findings: &mut Findings) -> Strategy {
    let written = &service.rollout.value;
    let natural = if service.singleton.value { StrategyWord::Recreate } else { StrategyWord::Rolling };
    let word = written.strategy.as_ref().map_or(natural, |strategy| strategy.value);
    fits(scene, name, service, word, findings);
    parameters(name, written, word, findings);
    let shift = |percent: u8, bake: Span| Shift { percent: Percent(percent), bake };
    match word {
        StrategyWord::Rolling => Strategy::Rolling,
        StrategyWord::BlueGreen => Strategy::BlueGreen,
        StrategyWord::Recreate => Strategy::Recreate,
        StrategyWord::Canary => Strategy::Canary(match &written.canary {
            Some(canary) => shift(canary.percent.to(), canary.bake.0),
            None => shift(10, BAKE),
        }),
        StrategyWord::Linear => Strategy::Linear(match &written.linear {
            Some(linear) => shift(linear.percent.to(), linear.bake.0),
            None => shift(10, Span::from_secs(60)),
        }),
    }
}

/// A strategy needs traffic to shift, or room for a second set.
fn fits(scene: &Scene<'_>, name: &str, service: &Service, word: StrategyWord, findings: &mut Findings) {
    let Some(strategy) = &service.rollout.strategy else { return };
    let shifts = matches!(word, StrategyWord::BlueGreen | StrategyWord::Canary | StrategyWord::Linear);
    if service.singleton.value && word != StrategyWord::Recreate {
        findings
            .error(
                strategy.range,
                format!("service `{name}` is a singleton: only `recreate` never runs two at once"),
            )
            .hint("write `strategy: recreate`, or remove it");
    } else if shifts && *service.r#type == TypeWord::Worker {
        findings
            .error(strategy.range, format!("service `{name}` is a worker: it has no traffic to shift"))
            .hint("use `rolling` or `recreate`");
    } else if shifts && !service.http.public.value && !scene.on_kubernetes() {
        findings
            .error(
                strategy.range,
                format!(
                    "service `{name}` is reached by other services only: no load balancer shifts its traffic"
                ),
            )
            .hint("use `rolling` or `recreate`, or remove `public: false`");
    }
}

/// Settings of a strategy that was not chosen.
fn parameters(name: &str, written: &rollout::Rollout, word: StrategyWord, findings: &mut Findings) {
    let canary = written.canary.as_ref().map(|canary| canary.range);
    let linear = written.linear.as_ref().map(|linear| linear.range);
    for (field, range, fits) in
        [("canary", canary, word == StrategyWord::Canary), ("linear", linear, word == StrategyWord::Linear)]
    {
        if let Some(range) = range.filter(|_| !fits) {
            findings
                .error(
                    range,
                    format!("`rollout.{field}` of service `{name}` is set, but its strategy is another"),
                )
                .hint(format!("write `strategy: {field}`, or remove `{field}`"));
        }
    }
}

fn rollback_on(
    scene: &Scene<'_>,
    name: &str,
    written: &rollout::Rollout,
    findings: &mut Findings,
) -> Vec<String> {
    let alarms = &scene.manifest.alarms;
    for alarm in written.rollback_on.0.iter().filter(|alarm| !alarms.declares(&alarm.0)) {
        let hint = match suggestion(&alarm.0, alarms.names(), findings) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "define it under `alarms`: `{}: {{ service: {name}, metric: http_5xx_percentage, above: 1 }}`",
                shorten(&alarm.0)
            ),
        };
        findings
            .error(
                alarm.range,
                format!(
                    "service `{name}` rolls back on alarm `{}`, which nothing defines",
                    shorten(&alarm.0)
                ),
            )
            .hint(hint);
    }
    written.rollback_on.0.iter().map(|alarm| alarm.0.clone()).collect()
}

fn hooks(name: &str, service: &Service, two_sets: bool, findings: &mut Findings) -> BTreeMap<Hook, Program> {
    let written = &service.rollout.hooks;
    let all = [
        (Hook::BeforeInstall, &written.before_install),
        (Hook::AfterInstall, &written.after_install),
        (Hook::AfterTestTraffic, &written.after_test_traffic),
        (Hook::BeforeTraffic, &written.before_traffic),
        (Hook::AfterTraffic, &written.after_traffic),
    ];
    if let Some(test) = written.after_test_traffic.as_ref().filter(|_| !two_sets) {
        findings
            .error(
                test.range,
                format!("service `{name}` has no test traffic: its strategy has no second set"),
            )
            .hint("use the strategy `blue-green`, `canary` or `linear`, or the hook `after_traffic`");
    }
    let program = |written: &At<rollout::Program>| Program {
        run: written.run.clone(),
        command: written.command.clone(),
    };
    all.into_iter().filter_map(|(hook, written)| Some((hook, program(written.as_ref()?)))).collect()
}
