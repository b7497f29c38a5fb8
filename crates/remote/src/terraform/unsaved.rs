//! A state that terraform could not save: it must not come to that, and where it does, nothing may run before it is saved.

use std::path::Path;

use rustix::fs::statvfs;

use super::TerraformError;

/// What terraform leaves a state in that its backend did not take (Terraform, "State: Recover from errors").
const FILE: &str = "errored.tfstate";
/// What it says then, whether or not it could leave that file.
const SAYS: &str = "Failed to persist state to backend";
/// Bytes that have to be free where a state may be written: a state of some thousand resources, and its backup.
const ROOM: u64 = 16 * 1024 * 1024;

/// Refuses to begin where the last state is still to be saved, or where the disk could not take the next one.
pub(super) fn before(step: &'static str, folder: &Path) -> Result<(), TerraformError> {
    if (writes(step) || step == "plan") && is_left(folder) {
        return Err(unsaved(step, folder));
    }
    match statvfs(folder) {
        Ok(disk) if writes(step) && is_full(disk.f_blocks, disk.f_bavail.saturating_mul(disk.f_frsize)) => {
            Err(TerraformError::NoRoom { step, folder: folder.to_owned(), wanted: ROOM })
        }
        _ => Ok(()),
    }
}

/// Whether too little is free. A disk without blocks does not say how full it is, and gets the benefit of the doubt.
fn is_full(blocks: u64, free: u64) -> bool {
    blocks > 0 && free < ROOM
}

/// Whether the state could be saved: terraform said otherwise, or left it in its file.
pub(super) fn after(step: &'static str, folder: &Path, was_said: bool) -> Result<(), TerraformError> {
    if writes(step) && (was_said || is_left(folder)) { Err(unsaved(step, folder)) } else { Ok(()) }
}

fn unsaved(step: &'static str, folder: &Path) -> TerraformError {
    // What the disk could take of a state is no state.
    let is_whole = |text: Vec<u8>| serde_json::from_slice::<serde::de::IgnoredAny>(&text).is_ok();
    let is_in_file = std::fs::read(folder.join(FILE)).is_ok_and(is_whole);
    TerraformError::Unsaved { step, folder: folder.to_owned(), is_in_file }
}

/// Whether it changes what is there, and so the state.
fn writes(step: &str) -> bool {
    matches!(step, "apply" | "destroy")
}

/// Whether a line is terraform's word that it could not save a state.
pub(super) fn is_said_in(line: &str) -> bool {
    line.contains(SAYS)
}

fn is_left(folder: &Path) -> bool {
    folder.join(FILE).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_full_before_a_state_has_no_room() {
        assert!(is_full(100, 0));
        assert!(is_full(100, ROOM - 1));
        assert!(!is_full(100, ROOM));
        assert!(!is_full(0, 0));
    }
}
