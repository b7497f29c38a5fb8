//! The keeper against a store that counts, on paused time.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

struct Counting {
    value: std::sync::Mutex<Result<&'static str, LookupError>>,
    asked: AtomicUsize,
}

impl Store for &Counting {
    async fn look_up(&self) -> Result<String, LookupError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(10)).await;
        self.value.lock().unwrap().map(str::to_owned)
    }
}

fn store(value: &'static str) -> Counting {
    Counting { value: std::sync::Mutex::new(Ok(value)), asked: AtomicUsize::new(0) }
}

fn asked(store: &Counting) -> usize {
    store.asked.load(Ordering::Relaxed)
}

#[tokio::test(start_paused = true)]
async fn a_right_token_is_looked_up_once_in_thirty_seconds() {
    let store = store("a");
    let keeper = Keeper::new(&store);
    for _ in 0..100 {
        assert_eq!(keeper.check("a").await, Ok(Verdict::Right));
    }
    assert_eq!(asked(&store), 1);
    tokio::time::advance(KEPT).await;
    assert_eq!(keeper.check("a").await, Ok(Verdict::Right));
    assert_eq!(asked(&store), 2);
}

#[tokio::test(start_paused = true)]
async fn a_rotated_token_works_at_once_and_the_old_one_no_longer() {
    let store = store("old");
    let keeper = Keeper::new(&store);
    assert_eq!(keeper.check("old").await, Ok(Verdict::Right));
    *store.value.lock().unwrap() = Ok("new");
    assert_eq!(keeper.check("new").await, Ok(Verdict::Right));
    assert_eq!(keeper.check("old").await, Ok(Verdict::Wrong));
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_wrong_tokens_shares_look_ups_and_keeps_the_pace() {
    let store = store("a");
    let keeper = Keeper::new(&store);
    let began = Instant::now();
    for _ in 0..10 {
        let flood = (0..500).map(|_| keeper.check("b"));
        let verdicts = futures_util::future::join_all(flood).await;
        assert!(verdicts.iter().all(|verdict| *verdict == Ok(Verdict::Wrong)));
    }
    assert_eq!(asked(&store), 10);
    assert!(began.elapsed() >= PACE * 9);
}

#[tokio::test(start_paused = true)]
async fn a_failing_store_is_told_and_does_not_disturb_what_is_known() {
    let store = store("a");
    let keeper = Keeper::new(&store);
    assert_eq!(keeper.check("a").await, Ok(Verdict::Right));
    *store.value.lock().unwrap() = Err(LookupError::Unreachable);
    assert_eq!(keeper.check("b").await, Err(LookupError::Unreachable));
    assert_eq!(keeper.check("a").await, Ok(Verdict::Right));
    tokio::time::advance(KEPT).await;
    assert_eq!(keeper.check("a").await, Err(LookupError::Unreachable));
}
