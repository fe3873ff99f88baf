//! TLS on the service's own socket, for those who have no proxy in front of it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use crate::domain::{French as _, Language, english, errors};

/// How long a new certificate may stay unseen.
const LOOK_EVERY: Duration = Duration::from_secs(5);

errors! {
    /// Why a certificate is not used.
    #[derive(Debug, thiserror::Error)]
    pub enum TlsError {
        /// The certificate can not be read.
        #[fr("le certificat « {} » ne peut pas être lu : un fichier PEM est attendu", path.display() => source)]
        #[en("the certificate \"{}\" can not be read: expected a PEM file", path.display())]
        Certificate {
            /// The file.
            path: PathBuf,
            /// The cause.
            source: pem::Error,
        },
        /// Its key can not be read.
        #[fr("la clé du certificat « {} » ne peut pas être lue : un fichier PEM est attendu", path.display() => source)]
        #[en("the key of the certificate \"{}\" can not be read: expected a PEM file", path.display())]
        Key {
            /// The file.
            path: PathBuf,
            /// The cause.
            source: pem::Error,
        },
        /// The two do not go together.
        #[fr("le certificat et sa clé ne vont pas ensemble")]
        #[en("the certificate and its key do not go together")]
        Unfit(#[source] rustls::Error),
    }
}

/// A certificate with its key, followed as their files change: connections that are open keep theirs.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    held: RwLock<TlsAcceptor>,
    looked: Mutex<(Instant, [Option<SystemTime>; 2])>,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

impl Tls {
    /// Reads a certificate (with those between it and the root) and its key.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn open(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let stamps = [certificate, key].map(modified);
        let held = RwLock::new(acceptor(certificate, key)?);
        let looked = Mutex::new((Instant::now(), stamps));
        Ok(Self { certificate: certificate.to_owned(), key: key.to_owned(), held, looked })
    }

    /// What new connections are met with. A new certificate that can not be used leaves the one before, and the log says why.
    pub(super) fn acceptor(&self, language: Language) -> TlsAcceptor {
        self.follow(language);
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn follow(&self, language: Language) {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if looked.0.elapsed() < LOOK_EVERY {
            return;
        }
        let stamps = [&self.certificate, &self.key].map(|path| modified(path));
        let before = std::mem::replace(&mut *looked, (Instant::now(), stamps)).1;
        if before == stamps {
            return;
        }
        match acceptor(&self.certificate, &self.key) {
            Ok(fresh) => {
                *self.held.write().unwrap_or_else(PoisonError::into_inner) = fresh;
                tracing::info!("{}", language.pick("nouveau certificat pris", "new certificate taken"));
            }
            Err(error) => {
                let cause = language.pick(error.french(), english(&error));
                let words = language.pick("le certificat précédent reste", "the certificate before stays");
                tracing::error!(cause, "{words}");
            }
        }
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}

fn acceptor(certificate: &Path, key: &Path) -> Result<TlsAcceptor, TlsError> {
    let unread = |source| TlsError::Certificate { path: certificate.to_owned(), source };
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(certificate).map_err(unread)?.collect::<Result<_, _>>().map_err(unread)?;
    if chain.is_empty() {
        return Err(unread(pem::Error::NoItemsFound));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|source| TlsError::Key { path: key.to_owned(), source })?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, secret))
        .map_err(TlsError::Unfit)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
