//! Filling a queue, in batches of ten.

use std::cell::Cell;
use std::rc::Rc;

use crate::connection::Connection;
use crate::cycle::{Messages, taken_whole};
use crate::failure::Failure;
use crate::plan::Queue;
use crate::tally::Tally;
use crate::work::{Client, Left};

/// Sends until nothing is left of what all connections have to send together.
pub(crate) struct Fill {
    messages: Messages,
    batch: usize,
    left: Rc<Cell<usize>>,
}

impl Fill {
    pub(crate) fn new(load: &Queue, left: Rc<Cell<usize>>) -> Self {
        Self { messages: Messages::new(load, 0), batch: load.batch, left }
    }
}

impl Client for Fill {
    async fn once(&mut self, connection: &mut Connection, _: &mut Tally) -> Result<Left, Failure> {
        let Some(left) = self.left.get().checked_sub(self.batch) else { return Ok(Left::Nothing) };
        self.left.set(left);
        let answer = connection.json("AmazonSQS.SendMessageBatch", self.messages.next()).await?;
        taken_whole(self.batch, &answer)?;
        Ok(Left::More)
    }
}
