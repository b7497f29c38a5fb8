//! What a person sees on a terminal, read back through tmux.

use std::process::Command;
use std::time::Duration;

use harness::cloud::Cloud;
use harness::{Project, binary, eventually, request, run};

const PATIENCE: Duration = Duration::from_secs(30);

/// A terminal of its own, gone with the value.
struct Terminal {
    socket: String,
}

impl Terminal {
    /// Opens one with a shell, or says that tmux is not here.
    fn open(name: &str) -> Option<Self> {
        let socket = format!("taxiway-test-{}-{name}", std::process::id());
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
fn a_value_is_typed_unseen_and_a_purge_wants_the_name() {
    let Some(terminal) = Terminal::open("typed") else { return };
    let cloud = Cloud::ephemeral();
    let taxiway = binary("taxiway").display().to_string();
    let type_in = |words: &str| {
        terminal.keys(&[&format!("{taxiway} {words} --endpoint {}", cloud.endpoint()), "Enter"]);
    };
    type_in("secrets set --parameter /app/token");
    terminal.wait_for("Value of /app/token (it is not shown):");
    terminal.keys(&["never-show-this", "Enter"]);
    let screen = terminal.wait_for("made the parameter /app/token");
    assert!(!screen.contains("never-show-this"), "{screen}");
    let address = cloud.endpoint().trim_start_matches("http://").parse().expect("an address");
    let made = request(address, "GET", "/?Action=CreateQueue&QueueName=orders", None).expect("an answer");
    assert_eq!(made.status, 200, "{}", made.body);
    type_in("queue purge orders");
    terminal.wait_for("Type orders to go on:");
    terminal.keys(&["mail", "Enter"]);
    terminal.wait_for("that was not it; nothing was changed");
}

#[test]
fn a_start_shows_a_board_and_ctrl_c_ends_it() {
    let Some(terminal) = Terminal::open("board") else { return };
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
