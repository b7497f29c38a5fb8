//! An upgraded connection: after the target's 101, bytes go both ways until both ends are done, or nothing moves.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use http::{Response, response};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional_with_sizes;

use crate::answer::Answer;
use crate::body::ResponseBody;
use crate::client::Client;
use crate::headers;
use crate::watch::Phase;

/// Bytes held per direction.
const BUFFER_BYTES: usize = 8 * 1024;

/// Answers 101 and joins the two ends once the answer is out. The claim is held until they part.
pub(crate) fn splice(
    client: &Rc<Client>,
    ours: OnUpgrade,
    mut head: response::Parts,
    answer: Answer,
) -> Response<ResponseBody> {
    let theirs = head.extensions.remove::<OnUpgrade>();
    headers::set_websocket(&mut head.headers);
    if let Some(theirs) = theirs {
        tokio::task::spawn_local(join(Rc::clone(client), ours, theirs, answer));
    }
    Response::from_parts(head, ResponseBody::whole(Bytes::new(), Arc::clone(&client.watch)))
}

async fn join(client: Rc<Client>, ours: OnUpgrade, theirs: OnUpgrade, mut answer: Answer) {
    let mut joined = pin!(async {
        let Ok(ours) = ours.await else { return };
        client.watch.enter(Phase::Upgraded);
        let Ok(theirs) = theirs.await else { return };
        let (mut ours, mut theirs) = (TokioIo::new(ours), TokioIo::new(theirs));
        let ended = copy_bidirectional_with_sizes(&mut ours, &mut theirs, BUFFER_BYTES, BUFFER_BYTES).await;
        tracing::trace!(?ended, "upgrade over");
    });
    poll_fn(|cx| {
        answer.drive(cx);
        let joined = joined.as_mut().poll(cx);
        if client.watch.phase() == Phase::Upgraded {
            client.watch.attend(cx.waker());
        }
        if client.watch.is_expired() || answer.is_cut() { Poll::Ready(()) } else { joined }
    })
    .await;
}
