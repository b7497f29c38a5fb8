//! What a person sees on a terminal, read back through tmux.

use std::process::Command;
use std::time::Duration;

use harness::{Project, eventually, run};

const PATIENCE: Duration = Duration::from_secs(30);

/// A terminal of its own, gone with the value.
struct Terminal {
    socket: String,
}

impl Terminal {
    /// Opens one with a shell, or says that tmux is not here.
    fn open() -> Option<Self> {
        let socket = format!("taxiway-test-{}", std::process::id());
        let mut command = tmux(&socket);
        command.args(["-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", "sh"]);
        let opened = command.output().is_ok_and(|output| output.status.success());
        if !opened {
            println!("skipped: tmux is not installed or gives no terminal");
        }
        opened.then_some(Self { socket })
    }

    fn keys(&self, keys: &[&str]) {
        run(tmux(&self.socket).arg("send-keys").args(keys));
    }

    fn wait_for(&self, text: &str) -> String {
        let mut screen = String::new();
        eventually(PATIENCE, text, || {
            screen = String::from_utf8_lossy(&run(tmux(&self.socket).args(["capture-pane", "-p"])).stdout)
                .into_owned();
            screen.contains(text).then_some(())
        });
        screen
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        run(tmux(&self.socket).arg("kill-server"));
    }
}

fn tmux(socket: &str) -> Command {
    let mut command = Command::new("tmux");
    command.args(["-L", socket]);
    command
}

#[test]
fn a_start_shows_a_board_and_ctrl_c_ends_it() {
    let Some(terminal) = Terminal::open() else { return };
    let project = Project::new(
        "name: shop\nservices:\n  clerk:\n    type: worker\n    run: sh -c 'echo open; exec sleep 600'\n    \
         scale: { min: 2, max: 2 }\nresources:\n  photos:\n    type: bucket\n",
    );
    let command = format!("{:?}", project.up()).replace('"', "");
    terminal.keys(&[&command, "Enter"]);
    let screen = terminal.wait_for("✓ ready");
    assert!(screen.contains("✓ clerk        2 of 2 ready"), "{screen}");
    assert!(screen.contains("✓ cloud        http://127.0.0.1:"), "{screen}");
    terminal.keys(&["C-c"]);
    let screen = terminal.wait_for("stopped in");
    assert!(screen.contains("stopping; Ctrl-C again stops at once"), "{screen}");
    assert!(project.processes().is_empty(), "nothing is left");
}
