//! Write concerns: the one server here keeps every write as the cloud is told to, and cannot promise that others have it.

use bson::{Bson, Document, doc};

use super::arguments::whole;
use super::error::Code;

/// What is told beside the answer, as `writeConcernError`, where a command wants more servers than there are: the
/// write is done all the same (MongoDB Manual, Write Concern).
pub(super) fn unmet(command: &Document) -> Option<Document> {
    let (code, message) = match command.get_document("writeConcern").ok()?.get("w")? {
        Bson::String(mode) if mode == "majority" => return None,
        Bson::String(mode) => {
            let message = format!("No write concern mode named '{mode}' found in replica set configuration");
            (Code::UnknownReplWriteConcern, message)
        }
        servers if whole(servers)? > 1 => {
            (Code::UnsatisfiableWriteConcern, "Not enough data-bearing nodes".to_owned())
        }
        _ => return None,
    };
    Some(doc! { "code": code.number(), "codeName": &*code.name(), "errmsg": message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_is_all_there_is() {
        let code = |w: Bson| {
            let unmet = unmet(&doc! { "insert": "c", "writeConcern": { "w": w } });
            unmet.map(|unmet| unmet.get_i32("code").unwrap())
        };
        assert_eq!(code(1.into()), None);
        assert_eq!(code("majority".into()), None);
        assert_eq!(code(2.into()), Some(100));
        assert_eq!(code("everywhere".into()), Some(79));
        assert_eq!(unmet(&doc! { "find": "c" }), None);
    }
}
