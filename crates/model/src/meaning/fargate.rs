//! The sizes a Fargate task may have (Amazon ECS developer guide, "Task CPU and memory").

use crate::system::{CpuUnits, Mebibytes};

/// CPU units, and the memory they may have: least, most and step in MiB.
const SIZES: &[(u32, u64, u64, u64)] = &[
    (512, 1024, 4096, 1024),
    (1024, 2048, 8192, 1024),
    (2048, 4096, 16_384, 1024),
    (4096, 8192, 30_720, 1024),
    (8192, 16_384, 61_440, 4096),
    (16_384, 32_768, 122_880, 8192),
];

/// The smallest has three sizes of memory and no step.
const SMALLEST: (u32, [u64; 3]) = (256, [512, 1024, 2048]);

/// Whether a task may have this size.
pub(super) fn fits(cpu: CpuUnits, memory: Mebibytes) -> bool {
    nearest(cpu, memory) == Some((cpu, memory))
}

/// The smallest size that has at least this much of both.
pub(super) fn nearest(cpu: CpuUnits, memory: Mebibytes) -> Option<(CpuUnits, Mebibytes)> {
    let (smallest, amounts) = SMALLEST;
    if cpu.0 <= smallest
        && let Some(amount) = amounts.into_iter().find(|amount| *amount >= memory.0)
    {
        return Some((CpuUnits(smallest), Mebibytes(amount)));
    }
    let large = SIZES.iter().find(|(units, _, most, _)| *units >= cpu.0 && *most >= memory.0);
    large.map(|(units, least, _, step)| {
        let above = memory.0.saturating_sub(*least).div_ceil(*step) * step;
        (CpuUnits(*units), Mebibytes(least + above))
    })
}

/// The memory that goes with some CPU, for a sentence.
pub(super) fn choices(cpu: CpuUnits) -> Option<String> {
    if cpu.0 == SMALLEST.0 {
        return Some("512Mi, 1Gi or 2Gi".to_owned());
    }
    let (_, least, most, step) = SIZES.iter().find(|(units, ..)| *units == cpu.0)?;
    Some(format!("{} to {} in steps of {}", Mebibytes(*least), Mebibytes(*most), Mebibytes(*step)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_developer_guide() {
        let fits = |cpu, memory| fits(CpuUnits(cpu), Mebibytes(memory));
        for (cpu, memory) in [
            (256, 512),
            (256, 1024),
            (256, 2048),
            (512, 4096),
            (4096, 30_720),
            (8192, 20_480),
            (16_384, 122_880),
        ] {
            assert!(fits(cpu, memory), "{cpu}/{memory}");
        }
        for (cpu, memory) in
            [(256, 256), (256, 768), (256, 3072), (512, 512), (300, 1024), (8192, 17_408), (16_384, 131_072)]
        {
            assert!(!fits(cpu, memory), "{cpu}/{memory}");
        }
    }

    #[test]
    fn the_nearest_size_has_at_least_as_much_of_both() {
        let near =
            |cpu, memory| nearest(CpuUnits(cpu), Mebibytes(memory)).map(|(cpu, memory)| (cpu.0, memory.0));
        assert_eq!(near(100, 128), Some((256, 512)));
        assert_eq!(near(256, 4096), Some((512, 4096)));
        assert_eq!(near(512, 512), Some((512, 1024)));
        assert_eq!(near(8192, 17_000), Some((8192, 20_480)));
        assert_eq!(near(16_384, 200_000), None);
    }
}
