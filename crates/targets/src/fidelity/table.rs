//! The table: what each target makes of each field of the manifest. A line that says `EXACT` was checked in the code that
//! compiles it; a test holds the lines against the manifest's own tables, and the notes of a compilation against the lines.

use super::{Grade, Platform};

pub(crate) mod cases;
mod edge;
mod http;
mod platform;
mod resource;
mod rollout;
mod scale;
mod service;

/// One way in which a target differs from what was written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) grade: Grade,
    /// Where it does, as the end of a sentence; empty where it always does.
    pub(crate) when: &'static str,
    /// Why, and what holds instead. A sentence.
    pub(crate) reason: &'static str,
    /// Whether it is worth saying of a default, too.
    pub(crate) of_default: bool,
}

/// What a target makes of a field.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell {
    /// It behaves as written.
    Exact,
    /// It behaves as written, but where one of these holds.
    But(&'static [&'static Case]),
    /// This, always.
    Always(&'static Case),
    /// It says nothing there, for this reason.
    Silent(&'static str),
}

/// What every target makes of one field.
#[derive(Debug)]
pub(super) struct Line {
    /// As `taxiway explain` takes it; `*` is any one name.
    pub(super) field: &'static str,
    local: Cell,
    ecs: Cell,
    eks: Cell,
    github: Cell,
}

/// Lines under a heading.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) lines: &'static [Line],
}

/// Every line, by section.
pub(super) static SECTIONS: &[Section] = &[
    Section { title: "Top level", lines: platform::TOP },
    Section { title: "Services", lines: service::LINES },
    Section { title: "HTTP", lines: http::LINES },
    Section { title: "Scaling", lines: scale::LINES },
    Section { title: "Rollouts", lines: rollout::LINES },
    Section { title: "Queues, buckets, parameters and secrets", lines: resource::EMBEDDED },
    Section { title: "Databases", lines: resource::DATABASES },
    Section { title: "Edge", lines: edge::EDGE },
    Section { title: "Alarms", lines: edge::ALARMS },
    Section { title: "AWS", lines: platform::AWS },
    Section { title: "Kubernetes", lines: platform::KUBERNETES },
    Section { title: "Delivery", lines: platform::CI },
];

const EXACT: Cell = Cell::Exact;
const CONTAINER: Cell = Cell::Silent("nothing runs in a container on this machine");
const MACHINE: Cell = Cell::Silent("it is for this machine only");
const IMAGE: Cell = Cell::Silent("who delivers builds the image: the pipeline of the target github does");
const IN_CLUSTER: Cell = Cell::Always(&cases::IN_CLUSTER);
const PIPELINE: Cell = Cell::Silent("the pipeline applies what the target aws makes of it");
const FARGATE: Cell = Cell::Silent("there is no Kubernetes where services run on ECS");
const ELSEWHERE: Cell = Cell::Silent("nothing of AWS or Kubernetes runs on this machine");

const fn line(field: &'static str, local: Cell, ecs: Cell, eks: Cell, github: Cell) -> Line {
    Line { field, local, ecs, eks, github }
}

/// The line of a field: the one that names it most exactly.
pub(super) fn find(field: &str) -> Option<&'static Line> {
    let lines = SECTIONS.iter().flat_map(|section| section.lines).filter(|line| line.names(field));
    lines.min_by_key(|line| line.field.matches('*').count())
}

impl Line {
    pub(super) fn on(&self, platform: Platform) -> Cell {
        match platform {
            Platform::Local => self.local,
            Platform::Ecs => self.ecs,
            Platform::Eks => self.eks,
            Platform::Github => self.github,
        }
    }

    pub(super) fn names(&self, field: &str) -> bool {
        let (mine, other) = (self.field.split('.'), field.split('.'));
        mine.clone().count() == other.clone().count()
            && mine.zip(other).all(|(mine, other)| mine == "*" || mine == other)
    }
}

impl Cell {
    /// Every way in which it differs.
    #[cfg(test)]
    pub(super) fn cases(self) -> Vec<&'static Case> {
        match self {
            Self::Exact | Self::Silent(_) => Vec::new(),
            Self::But(cases) => cases.to_vec(),
            Self::Always(case) => vec![case],
        }
    }
}
