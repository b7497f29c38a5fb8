//! Sessions, and what becomes of who is asking.

use super::xml::Element;
use super::*;
use crate::seal::Sealed;

fn sts() -> Sts {
    let folder = tempfile::tempdir().unwrap();
    Sts::new(&Arc::new(Key::root(folder.path(), Sealed::Nothing).unwrap()), &Settings::default())
}

fn perform(sts: &Sts, form: &str, session: Option<&str>) -> Result<String> {
    let operation = crate::dispatch::action(form.as_bytes()).unwrap();
    let call = Call {
        session: session.map(str::to_owned),
        ..Call::from_inside(operation.clone(), form.to_owned().into())
    };
    Ok(xml::answer(&operation, &sts.perform(&call)?, "id"))
}

fn between<'a>(text: &'a str, name: &str) -> &'a str {
    let start = text.find(&format!("<{name}>")).unwrap() + name.len() + 2;
    &text[start..start + text[start..].find('<').unwrap()]
}

const ROLE: &str = "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fteam%2Fdeploy";

#[test]
fn who_assumes_a_role_is_the_role() {
    let sts = sts();
    let root = perform(&sts, "Action=GetCallerIdentity", None).unwrap();
    assert_eq!(between(&root, "Arn"), "arn:aws:iam::000000000000:root");
    let told = perform(&sts, &format!("{ROLE}&RoleSessionName=ci"), None).unwrap();
    assert_eq!(between(&told, "Arn"), "arn:aws:sts::123456789012:assumed-role/deploy/ci");
    assert!(between(&told, "AccessKeyId").starts_with("ASIA"));
    let session = between(&told, "SessionToken");
    let identity = perform(&sts, "Action=GetCallerIdentity", Some(session)).unwrap();
    assert_eq!(between(&identity, "Arn"), "arn:aws:sts::123456789012:assumed-role/deploy/ci");
    assert_eq!(between(&identity, "UserId"), between(&told, "AssumedRoleId"));
    let stranger = perform(&sts, "Action=GetCallerIdentity", Some("somebody else's token")).unwrap();
    assert_eq!(between(&stranger, "Arn"), "arn:aws:iam::000000000000:root");
}

#[test]
fn wrong_requests_are_refused_in_the_words_of_sts() {
    let sts = sts();
    for (form, code, said) in [
        (
            format!("{ROLE}&RoleSessionName=Session1%3A2"),
            Code::ValidationError,
            "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
        ),
        (
            ROLE.to_owned(),
            Code::ValidationError,
            "1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
        ),
        (
            "Action=AssumeRole&RoleArn=nothing-valid-in-here&RoleSessionName=ab".to_owned(),
            Code::ValidationError,
            "nothing-valid-in-here is invalid",
        ),
        (
            format!("{ROLE}&RoleSessionName=ab&DurationSeconds=10"),
            Code::ValidationError,
            "1 validation error detected: Value '10' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
        ),
        (
            format!("{ROLE}&RoleSessionName=ab&TransitiveTagKeys.member.1=x"),
            Code::InvalidParameterValue,
            "The specified transitive tag key must be included in the requested tags.",
        ),
        (
            format!(
                "{ROLE}&RoleSessionName=ab&Tags.member.1.Key=x&Tags.member.1.Value=1&Tags.member.2.Key=X&Tags.member.2.Value=2"
            ),
            Code::InvalidParameterValue,
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
        (
            "Action=Nonsense".to_owned(),
            Code::InvalidAction,
            "Could not find operation Nonsense for version 2011-06-15",
        ),
    ] {
        assert_eq!(perform(&sts, &form, None), Err(code.saying(said)), "{form}");
    }
}

#[test]
fn every_operation_of_the_table_is_performed() {
    let sts = sts();
    for operation in model::OPERATIONS {
        let refused = perform(&sts, &format!("Action={}", operation.name), None).err();
        assert!(refused.is_none_or(|error| error.code != Code::InvalidAction), "{}", operation.name);
    }
}

#[test]
fn text_is_escaped() {
    let element = Element::Result(vec![xml::text("Arn", "a<b>&c\u{1}")]);
    assert!(xml::answer("X", &element, "id").contains("<Arn>a&lt;b&gt;&amp;c?</Arn>"));
}
