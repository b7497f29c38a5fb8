//! A Postgres server's address (`DATABASE_URL` and what stands beside it) and its certificate, checked as libpq would.
//! For services that ask for the feature `postgres`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::Environment;

/// Time for one attempt to connect.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Time after which a server that does not acknowledge what it is sent counts as gone.
const SILENCE_LIMIT: Duration = Duration::from_secs(10);

/// A server's address, with user and password.
#[derive(Debug, Clone)]
pub struct Address {
    config: Box<Config>,
    check: Check,
}

/// How the server's certificate is checked (PostgreSQL manual, "SSL Support", table 34.1).
#[derive(Debug, Clone, PartialEq, Eq)]
enum Check {
    /// Not at all: `sslmode` below `verify-ca` without a root certificate.
    No,
    /// Against the system's certificates, or those of this file, and by its name.
    Full(Option<PathBuf>),
}

/// The address can't be used. It is not shown: there may be a password in it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("DATABASE_URL must be like postgres://user:password@host:5432/database?sslmode=require{0}")]
struct InvalidAddress(String);

/// The server's certificate can't be checked as the address wants it.
#[derive(Debug, thiserror::Error)]
#[error("TLS can't be used: {0}")]
pub struct TlsError(String);

impl Address {
    /// `DATABASE_URL`, where it is set, with `PGUSER` and `PGPASSWORD` for what it has not, and `PGSSLROOTCERT`, a file of
    /// certificates. A URL that is none is remembered as a problem of `environment`, without being shown.
    pub fn of_environment(environment: &mut Environment) -> Option<Self> {
        let url = environment.optional("DATABASE_URL")?;
        let beside = |name: &str| environment.optional(name);
        let (user, password, root) = (beside("PGUSER"), beside("PGPASSWORD"), beside("PGSSLROOTCERT"));
        let address = Self::read(&url, user.as_deref(), password.as_deref(), root.as_deref());
        address.map_err(|invalid| environment.problem(invalid.to_string())).ok()
    }

    /// How to connect.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Makes TLS connections as the address wants them.
    ///
    /// # Errors
    /// When the certificates to check the server with can't be read.
    pub fn tls(&self) -> Result<MakeRustlsConnect, TlsError> {
        let refused = |error: &dyn std::fmt::Display| TlsError(error.to_string());
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().map_err(|error| refused(&error))?;
        let config = match &self.check {
            Check::Full(root) => {
                let roots = roots(root.as_ref()).map_err(|error| refused(&error))?;
                builder.with_root_certificates(roots).with_no_client_auth()
            }
            Check::No => {
                let any = Arc::new(AnyCertificate(provider));
                builder.dangerous().with_custom_certificate_verifier(any).with_no_client_auth()
            }
        };
        Ok(MakeRustlsConnect::new(config))
    }

    /// Reads a URL. `user` and `password` stand in for what it has not; `root` names a file of certificates.
    ///
    /// # Errors
    /// When it is no such URL.
    fn read(
        url: &str,
        user: Option<&str>,
        password: Option<&str>,
        root: Option<&str>,
    ) -> Result<Self, InvalidAddress> {
        let invalid = |why: &str| InvalidAddress(format!("; {why}"));
        let scheme = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        if !scheme {
            return Err(invalid("it begins with another scheme"));
        }
        let (base, options) = url.split_once('?').unwrap_or((url, ""));
        let option = |name: &str| {
            let value = options.split('&').filter_map(|pair| pair.split_once('='));
            value.filter(|(key, _)| *key == name).map(|(_, value)| value).next_back()
        };
        let mode = option("sslmode").unwrap_or("prefer");
        let root = option("sslrootcert").or(root).filter(|root| *root != "system").map(PathBuf::from);
        let (mode, check) = match mode {
            "verify-full" | "verify-ca" => ("require", Check::Full(root)),
            "require" if root.is_some() => ("require", Check::Full(root)),
            "disable" | "allow" => ("disable", Check::No),
            "prefer" | "require" => (mode, Check::No),
            _ => return Err(invalid("sslmode is disable, prefer, require, verify-ca or verify-full")),
        };
        let ours = |pair: &&str| !pair.starts_with("sslmode=") && !pair.starts_with("sslrootcert=");
        let mut rest: Vec<&str> = options.split('&').filter(|pair| !pair.is_empty()).filter(ours).collect();
        let mode = format!("sslmode={mode}");
        rest.push(&mode);
        let config = format!("{base}?{}", rest.join("&")).parse::<Config>();
        let mut config = config.map_err(|_| invalid("something in it can't be read"))?;
        if let (None, Some(user)) = (config.get_user(), user) {
            config.user(user);
        }
        if let (None, Some(password)) = (config.get_password(), password) {
            config.password(password);
        }
        if config.get_user().is_none() {
            return Err(invalid("it has no user, and PGUSER is not set"));
        }
        config.connect_timeout(CONNECT_LIMIT).tcp_user_timeout(SILENCE_LIMIT).keepalives_idle(SILENCE_LIMIT);
        Ok(Self { config: Box::new(config), check })
    }
}

fn roots(file: Option<&PathBuf>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    let Some(file) = file else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(roots);
    };
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| told(&error))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| told(&error))?;
        roots.add(certificate).map_err(|error| told(&error))?;
    }
    Ok(roots)
}

/// Takes any certificate, as libpq does for `sslmode=require` without a root certificate: what goes over the wire can't
/// be read, but who is at its other end is not known.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::SslMode;

    use super::*;

    #[test]
    fn user_and_password_may_stand_beside_the_url() {
        let address =
            Address::read("postgres://db:5432/app?sslmode=require", Some("u"), Some("p"), None).unwrap();
        assert_eq!(address.config.get_user(), Some("u"));
        assert_eq!(address.config.get_password(), Some(b"p".as_slice()));
        assert_eq!((address.config.get_ssl_mode(), address.check), (SslMode::Require, Check::No));
        let address = Address::read("postgresql://a:b@db/app", Some("u"), Some("p"), None).unwrap();
        assert_eq!(address.config.get_user(), Some("a"));
    }

    #[test]
    fn a_certificate_is_checked_when_it_is_asked_for_or_there_is_something_to_check_it_with() {
        let check = |url: &str, root| Address::read(url, Some("u"), None, root).unwrap().check;
        assert_eq!(check("postgres://db/app?sslmode=verify-full", None), Check::Full(None));
        assert_eq!(
            check("postgres://db/app?sslmode=require", Some("/rds.pem")),
            Check::Full(Some("/rds.pem".into()))
        );
        assert_eq!(
            check("postgres://db/app?sslrootcert=/a.pem&sslmode=verify-full", None),
            Check::Full(Some("/a.pem".into()))
        );
        assert_eq!(check("postgres://db/app", None), Check::No);
    }

    #[test]
    fn a_bad_url_is_told_without_its_password() {
        for url in
            ["mysql://u:geheim@db", "postgres://u:geheim@db:port/x", "postgres://u:geheim@db/x?sslmode=maybe"]
        {
            let told = Address::read(url, None, None, None).unwrap_err().to_string();
            assert!(told.starts_with("DATABASE_URL must be like ") && !told.contains("geheim"), "{told}");
        }
        assert!(
            Address::read("postgres://db/app", None, None, None).unwrap_err().to_string().contains("PGUSER")
        );
    }
}
