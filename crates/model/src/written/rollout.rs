//! How a new release replaces the old.

use super::command::Command;
use crate::language::{At, Int, Kind, Lasting, List, Name, Read, Reader, shape, words};
use crate::yaml::{Node, Value};

shape! {
    /// How a new release replaces the old, and what stops it.
    Rollout, "rollout";
    /// The way replicas or traffic move.
    strategy: Option<At<StrategyWord>> => "canary", else "`rolling`; `recreate` for a singleton";
    /// For the strategy `canary`: the first share, and the wait before the rest.
    canary: Option<At<Canary>> => "{ percent: 10, bake: 5m }";
    /// For the strategy `linear`: equal shares with equal waits.
    linear: Option<At<Linear>> => "{ percent: 10, bake: 1m }";
    /// After the last shift: how long the old release stays ready to take over.
    bake: Option<At<Lasting<0, 172_800_000>>> => "10m", else "`5m` with `blue-green`, `canary` and `linear`, else `0s`";
    /// Alarms that roll it back.
    rollback_on: At<List<Name>> = "[]" => "[api-5xx]";
    /// Runs once per release, before it gets traffic.
    migrate: Option<At<Migration>> => "{ run: ./api migrate, reversible: true }";
    /// Programs at points of the lifecycle, named as CodeDeploy names them; a non-zero exit rolls back.
    hooks: At<Hooks> = "{}" => "{ after_test_traffic: ./smoke.sh }";
}

/// The way replicas or traffic move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StrategyWord {
    Rolling,
    BlueGreen,
    Canary,
    Linear,
    Recreate,
}

words! { StrategyWord, "strategy";
    "rolling" => Self::Rolling, "Replica by replica.";
    "blue-green" => Self::BlueGreen, "All traffic at once, to a full second set.";
    "canary" => Self::Canary, "A first share of the traffic, a wait, then the rest.";
    "linear" => Self::Linear, "Equal shares of the traffic with equal waits.";
    "recreate" => Self::Recreate, "The old set ends before the new one starts.";
}

shape! {
    /// A first share of the traffic, and the wait before the rest.
    Canary, "canary";
    /// Share that moves first, percent.
    percent: At<Int<1, 99>> = "10" => "5";
    /// Wait before the rest moves.
    bake: At<Lasting<0, 172_800_000>> = "5m" => "10m";
}

shape! {
    /// Equal shares of the traffic with equal waits.
    Linear, "linear";
    /// Share that moves each time, percent.
    percent: At<Int<1, 99>> = "10" => "20";
    /// Wait between two moves.
    bake: At<Lasting<0, 172_800_000>> = "1m" => "3m";
}

shape! {
    /// A database migration.
    Migration, "migration";
    /// The program, on this machine.
    run: At<Command> => "target/release/api migrate";
    /// The program in a container of the new release, with the paths of the image.
    command: Option<At<Command>> => "api migrate", else "what `run` says";
    /// The old release works on the new schema, so that a rollback is safe.
    reversible: At<bool> = "false" => "true";
}

shape! {
    /// Programs at CodeDeploy's five scriptable points of a deployment.
    Hooks, "hooks";
    /// Before the new set exists.
    before_install: Option<At<Program>> => "./check.sh";
    /// The new set runs, without traffic.
    after_install: Option<At<Program>> => "./warm.sh";
    /// The test listener reaches the new set.
    after_test_traffic: Option<At<Program>> => "./smoke.sh";
    /// Before production traffic moves.
    before_traffic: Option<At<Program>> => "./announce.sh";
    /// After production traffic moved.
    after_traffic: Option<At<Program>> => "./verify.sh";
}

shape! {
    /// A program that is called one way on this machine and another way in a container.
    Ways, "program";
    /// The program, on this machine.
    run: At<Command> => "target/release/api hook verify";
    /// The program in a container of the new release, with the paths of the image.
    command: Option<At<Command>> => "api hook verify", else "what `run` says";
}

/// A program: one command for everywhere, or one for this machine and one for containers.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) run: Vec<String>,
    pub(crate) command: Vec<String>,
}

impl Read for Program {
    const KIND: &'static Kind = &Kind::Either(&[Command::KIND, Ways::KIND]);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::Map(_) = node.value else {
            let Command(run) = Command::read(node, reader)?;
            return Some(Self { command: run.clone(), run });
        };
        let ways = Ways::read(node, reader)?;
        let command = ways.command.as_ref().unwrap_or(&ways.run).0.clone();
        Some(Self { run: ways.run.0.clone(), command })
    }
}
