//! One JSON call that only reads: a parameter, a secret.

use crate::connection::Connection;
use crate::failure::Failure;
use crate::plan::Asked;
use crate::tally::Tally;
use crate::work::{Client, Left};

/// Asks the same question every time.
pub(crate) struct Call<'a>(pub(crate) &'a Asked);

impl Client for Call<'_> {
    async fn once(&mut self, connection: &mut Connection, _: &mut Tally) -> Result<Left, Failure> {
        let Asked { target, body, wanted } = self.0;
        let answer = connection.json(target, body.clone()).await?;
        if memchr::memmem::find(&answer, wanted.as_bytes()).is_some() {
            return Ok(Left::More);
        }
        let answer = String::from_utf8_lossy(&answer).chars().take(200).collect();
        Err(Failure::Lacks { target: target.clone(), wanted: wanted.clone(), answer })
    }
}
