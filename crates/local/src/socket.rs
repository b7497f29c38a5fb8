//! The control socket: `.taxiway/control.sock`, for its owner only, one request per connection as a line of JSON.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use tokio::net::{UnixListener, UnixStream};

use crate::project::Project;

pub(crate) mod protocol;
pub(crate) mod server;

/// Longer paths do not fit into a socket's address (108 bytes on Linux, unix(7)).
const LONGEST_PATH: usize = 100;
const NAME: &str = "control.sock";

/// Where the socket is.
pub(crate) fn path(project: &Project) -> PathBuf {
    project.folder().join(NAME)
}

/// Listens, in the place of whoever listened before. Only for the holder of the project's lock.
pub(crate) fn listen(project: &Project) -> io::Result<UnixListener> {
    let path = path(project);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = with_short_path(project, |short| UnixListener::bind(short))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Connects to whoever listens.
pub(crate) async fn connect(project: &Project) -> io::Result<UnixStream> {
    let stream = with_short_path(project, std::os::unix::net::UnixStream::connect)?;
    stream.set_nonblocking(true)?;
    UnixStream::from_std(stream)
}

// A folder that is open can be named by its descriptor, however long its path is.
fn with_short_path<T>(project: &Project, act: impl FnOnce(PathBuf) -> io::Result<T>) -> io::Result<T> {
    let path = path(project);
    if path.as_os_str().len() <= LONGEST_PATH {
        return act(path);
    }
    let folder = File::open(project.folder())?;
    act(PathBuf::from(format!("/proc/self/fd/{}/{NAME}", folder.as_raw_fd())))
}
