//! The operations of STS.

use super::{Service, absent, full, partial};

pub(super) const SERVICE: Service = Service {
    id: "sts",
    title: "STS",
    about: "Everybody is the account's root, or the role whose session they use; there is no IAM, and every role can be assumed. A cloud that is told its access keys takes only those: a session's keys do not sign there.",
    operations: &[
        full("AssumeRole"),
        absent("AssumeRoleWithSAML"),
        partial("AssumeRoleWithWebIdentity", "the token's signature is not checked"),
        absent("AssumeRoot"),
        absent("DecodeAuthorizationMessage"),
        full("GetAccessKeyInfo"),
        full("GetCallerIdentity"),
        absent("GetDelegatedAccessToken"),
        full("GetFederationToken"),
        full("GetSessionToken"),
        absent("GetWebIdentityToken"),
    ],
};
