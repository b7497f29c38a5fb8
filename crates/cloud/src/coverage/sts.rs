//! The operations of STS.

use super::{Service, absent, full};

pub(super) const SERVICE: Service = Service {
    id: "sts",
    title: "STS",
    about: "Everybody is the account's root.",
    operations: &[
        absent("AssumeRole"),
        absent("AssumeRoleWithSAML"),
        absent("AssumeRoleWithWebIdentity"),
        absent("AssumeRoot"),
        absent("DecodeAuthorizationMessage"),
        absent("GetAccessKeyInfo"),
        full("GetCallerIdentity"),
        absent("GetDelegatedAccessToken"),
        absent("GetFederationToken"),
        absent("GetSessionToken"),
        absent("GetWebIdentityToken"),
    ],
};
