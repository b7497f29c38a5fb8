//! The publisher against a queue that remembers its calls.

use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;

use super::*;

#[derive(Clone)]
struct Remembering {
    calls: Arc<Mutex<Vec<usize>>>,
    gate: Arc<Semaphore>,
}

impl Queue for Remembering {
    async fn send(&self, bodies: Vec<String>) -> Vec<Result<String, NotQueued>> {
        self.calls.lock().unwrap().push(bodies.len());
        let _pass = self.gate.acquire().await.unwrap();
        bodies
            .into_iter()
            .map(|body| if body == "bad" { Err(NotQueued) } else { Ok(format!("id-{body}")) })
            .collect()
    }
}

fn queue(passes: usize) -> Remembering {
    Remembering { calls: Arc::default(), gate: Arc::new(Semaphore::new(passes)) }
}

fn taken(sizes: &[usize], calls: usize) -> Option<usize> {
    let (answers, _clients): (Vec<_>, Vec<_>) = sizes.iter().map(|_| oneshot::channel()).unzip();
    let bodies = sizes.iter().map(|size| "x".repeat(*size));
    let mut waiting = bodies.zip(answers).map(|(body, answer)| Waiting { body, answer }).collect();
    next_batch(&mut waiting, calls).map(|batch| batch.len())
}

#[test]
fn whoever_gave_up_is_passed_over() {
    let mut waiting = VecDeque::from([Waiting { body: String::new(), answer: oneshot::channel().0 }]);
    assert!(next_batch(&mut waiting, 0).is_none());
    assert!(waiting.is_empty());
}

#[test]
fn few_calls_take_anything_many_only_full_batches() {
    assert_eq!(taken(&[], 0), None);
    assert_eq!(taken(&[1], 0), Some(1));
    assert_eq!(taken(&[1; 9], EAGER_CALLS), None);
    assert_eq!(taken(&[1; 25], EAGER_CALLS), Some(10));
    assert_eq!(taken(&[1; 25], MAX_CALLS), None);
}

#[test]
fn a_batch_stays_under_the_size_limit_and_a_giant_goes_alone() {
    assert_eq!(taken(&[MAX_BATCH_BYTES / 2; 3], 0), Some(2));
    assert_eq!(taken(&[MAX_BATCH_BYTES + 1, 1], 0), Some(1));
    assert_eq!(taken(&[1, MAX_BATCH_BYTES], 0), Some(1));
}

#[tokio::test]
async fn everyone_gets_the_verdict_on_their_own_message() {
    let publisher = Publisher::start(queue(8), &mut Registry::default());
    let results =
        futures_util::future::join_all(["a", "bad", "c"].map(|body| publisher.publish(body.to_owned())))
            .await;
    assert_eq!(results, [Ok("id-a".to_owned()), Err(NotQueued), Ok("id-c".to_owned())]);
}

#[tokio::test]
async fn a_rush_is_carried_in_full_batches() {
    let queue = queue(0);
    let publisher = Publisher::start(queue.clone(), &mut Registry::default());
    let rush = (0..200).map(|n| publisher.publish(n.to_string()));
    let (results, ()) = tokio::join!(futures_util::future::join_all(rush), async {
        while queue.calls.lock().unwrap().iter().sum::<usize>() < 190 {
            tokio::task::yield_now().await;
        }
        queue.gate.add_permits(MAX_CALLS);
    });
    assert!(results.iter().all(Result::is_ok));
    assert!(queue.calls.lock().unwrap().len() <= 200 / MAX_ENTRIES + EAGER_CALLS, "{:?}", queue.calls);
}
