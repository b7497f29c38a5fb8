//! Users that databases run as where `up` runs as root: none of them may be root.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::fs::{Gid, Uid};

/// The overflow user of every Linux system, where no user has a better name (user_namespaces(7)).
const OVERFLOW: u32 = 65_534;

/// A user and a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl Account {
    /// Whom a program runs as that works on `folder`: `None` where that is ourselves.
    ///
    /// For root it is who has the data already, else the first of `names` that this machine knows, else nobody.
    pub(crate) fn for_folder(folder: &Path, names: &[&str]) -> Option<Self> {
        rustix::process::geteuid().is_root().then(|| {
            let known = fs::read_to_string("/etc/passwd").unwrap_or_default();
            owner(folder).unwrap_or_else(|| among(&known, names))
        })
    }

    pub(crate) fn user(self) -> Uid {
        Uid::from_raw(self.uid)
    }

    pub(crate) fn group(self) -> Gid {
        Gid::from_raw(self.gid)
    }
}

fn owner(folder: &Path) -> Option<Account> {
    let folder = fs::metadata(folder).ok()?;
    (folder.uid() != 0).then(|| Account { uid: folder.uid(), gid: folder.gid() })
}

fn among(passwd: &str, names: &[&str]) -> Account {
    let found = names.iter().chain(&["nobody"]).find_map(|name| named(passwd, name));
    found.unwrap_or(Account { uid: OVERFLOW, gid: OVERFLOW })
}

// name:password:uid:gid:… (passwd(5))
fn named(passwd: &str, name: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let is_it = fields.next() == Some(name);
        let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
        (is_it && uid != 0).then_some(Account { uid, gid })
    })
}

#[cfg(test)]
mod tests {
    use super::{Account, among};

    const PASSWD: &str =
        "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\npostgres:x:101:104::/:/bin/sh\n";

    #[test]
    fn the_best_name_there_is_and_never_root() {
        assert_eq!(among(PASSWD, &["postgres"]), Account { uid: 101, gid: 104 });
        assert_eq!(among(PASSWD, &["redis"]), Account { uid: 65_534, gid: 65_533 });
        assert_eq!(among(PASSWD, &["root"]), Account { uid: 65_534, gid: 65_533 });
        assert_eq!(among("", &["redis"]), Account { uid: 65_534, gid: 65_534 });
    }
}
