//! The board as a person sees it, colours taken off.

use local::Event;

use super::Board;

const MANIFEST: &str = "\
name: shop
services:
  api: { type: web, run: serve, scale: { min: 2, max: 2 } }
  clerk: { type: worker, run: work }
resources:
  orders: { type: queue }
";

fn board() -> Board {
    let text = MANIFEST.replace("run: work }", "run: work, uses: { orders: manage } }");
    let manifest = model::read("taxiway.yaml", &text, &|_| None).expect("a good manifest");
    Board::new(&model::resolve(&manifest, None).expect("a good manifest"))
}

fn shown(board: &Board) -> String {
    let text = board.lines(0, 60).join("\n");
    anstream::adapter::strip_str(&text).to_string()
}

fn started(service: &str, replica: &str) -> Event {
    Event::ReplicaStarted { service: service.into(), replica: replica.into(), pid: 7, port: None }
}

fn ready(service: &str, replica: &str) -> Event {
    Event::ReplicaReady { service: service.into(), replica: replica.into(), elapsed_ms: 5 }
}

#[test]
fn everything_is_still_to_come() {
    let text = "shop
  ⠋ cloud        \n  ⠋ edge         \n  ⠋ api          0 of 2 ready  \n  ⠋ clerk        0 of 1 ready  ";
    assert_eq!(shown(&board()), text);
}

#[test]
fn a_start_comes_together() {
    let mut board = board();
    for event in [
        Event::CloudListening { url: "http://127.0.0.1:4566".into() },
        Event::ResourceReady { resource: "orders".into(), kind: "queue".into() },
        Event::EdgeListening { service: None, url: "http://localhost:8000".into() },
        started("api", "api-1"),
        ready("api", "api-1"),
        ready("clerk", "clerk-1"),
    ] {
        board.on(&event);
    }
    let text = "shop
  ✓ cloud        http://127.0.0.1:4566  1 of 1 resources
  ✓ edge         http://localhost:8000  \n  ⠋ api          1 of 2 ready  \n  ✓ clerk        1 of 1 ready  ";
    assert_eq!(shown(&board), text);
}

#[test]
fn a_service_that_ends_is_marked_with_the_reason() {
    let mut board = board();
    board.on(&Event::ReplicaExited {
        service: "clerk".into(),
        replica: "clerk-1".into(),
        outcome: "exit code 3".into(),
        restart_in_ms: Some(100),
    });
    assert!(
        shown(&board).contains("✗ clerk        0 of 1 ready  clerk-1 ended: exit code 3"),
        "{}",
        shown(&board)
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut board = board();
    let command = "cargo build --release".to_owned();
    board.on(&Event::Preparing { services: vec!["api".into()], command: command.clone() });
    board.on(&Event::PreparingLine { command, line: "Compiling \u{1b}[31m".to_owned() + &"x".repeat(500) });
    for width in [0, 10, 40, 80] {
        let widest = anstream::adapter::strip_str(&board.lines(3, width).join("\n"))
            .to_string()
            .lines()
            .map(|line| line.chars().count())
            .max();
        assert!(widest <= Some(width.max(18)), "{widest:?} at {width}");
    }
}
