//! What `rattache serve` lets in, and how much anybody can make it do.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::access::{AccessError, Issuer, KeySet, Tokens};
use crate::domain::Language;
use crate::http::{Front, Options, Tls, TlsError};
use crate::store::Quotas;

/// Limits of the service, each with a problem of its own.
#[derive(Debug, Clone, Args)]
pub struct Bounds {
    /// Certificate (PEM, with those between it and the root) of the service's own TLS, followed as it changes.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Issuer of tokens (`iss`) of an `OpenID` Connect provider, which are then taken as keys are.
    #[arg(long, value_name = "URL", requires_all = ["oidc_audience", "oidc_jwks"])]
    pub oidc_issuer: Option<String>,
    /// For whom tokens must be (`aud`).
    #[arg(long, value_name = "TEXT")]
    pub oidc_audience: Option<String>,
    /// Public keys of the provider (`jwks_uri`): an address, or a file.
    #[arg(long, value_name = "URL|FILE")]
    pub oidc_jwks: Option<String>,
    /// Claim with the roles: a text or a list that names lookup, planner, approver or admin, `rattache-` before it or not.
    #[arg(long, value_name = "CLAIM", default_value = "roles")]
    pub oidc_role_claim: String,
    /// Claim with the name, the author of what is written; `sub` where it is not there.
    #[arg(long, value_name = "CLAIM", default_value = "preferred_username")]
    pub oidc_name_claim: String,
    /// Name that the service is asked by, beside those of the machine itself; may be given several times. Where others reach the
    /// address and none is given, any name will do.
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
    /// Origin whose pages may ask, such as `https://intranet.example.org`, or `*`; may be given several times.
    #[arg(long, value_name = "ORIGIN")]
    pub cors_origin: Vec<String>,
    /// Proxy whose word on who asks (X-Forwarded-For) is taken; may be given several times.
    #[arg(long, value_name = "ADDRESS")]
    pub trusted_proxy: Vec<IpAddr>,
    /// Folder that /admin/atlas takes files from; that of --atlas where it is left out.
    #[arg(long, value_name = "FOLDER")]
    pub atlas_folder: Option<PathBuf>,
    /// Largest table in one request, bytes.
    #[arg(long, value_name = "BYTES", default_value_t = Options::default().most_table_bytes)]
    pub most_table_bytes: usize,
    /// Longest time that the work on one request takes, seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = Options::default().request_timeout.as_secs())]
    pub request_timeout_s: u64,
    /// Longest time that a body takes to come, or an answer to be read, seconds; streams have more, by their pace.
    #[arg(long, value_name = "SECONDS", default_value_t = Options::default().body_timeout.as_secs())]
    pub body_timeout_s: u64,
    /// Longest time that the head of a request takes to come, and a connection idles, seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = Options::default().head_timeout.as_secs())]
    pub head_timeout_s: u64,
    /// Longest time that requests under way are waited for at the end, seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = Options::default().drain_timeout.as_secs())]
    pub drain_timeout_s: u64,
    /// Slowest pace of a stream that goes on for long, bytes a second.
    #[arg(long, value_name = "BYTES", default_value_t = Options::default().least_pace)]
    pub least_pace: u64,
    /// Connections at once; 0 is three quarters of the descriptors that the process may open.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub most_connections: usize,
    /// Connections of one address at once, trusted proxies aside; 0 is a quarter of all.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub most_connections_of_one: usize,
    /// Heavy work done at once; 0 is one a core.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub heavy_jobs: usize,
    /// Heavy work that may wait for its turn.
    #[arg(long, value_name = "COUNT", default_value_t = Options::default().most_waiting)]
    pub most_waiting: usize,
    /// Files of rows under way at once, half of them for one who asks.
    #[arg(long, value_name = "COUNT", default_value_t = Options::default().most_batches)]
    pub most_batches: usize,
    /// Bodies and answers held in memory at once, MiB.
    #[arg(long, value_name = "MIB", default_value_t = Options::default().memory >> 20)]
    pub memory_mib: usize,
    /// Requests a second of one key, or of one address without a key; 0 is as many as it likes.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub rate: u32,
    /// Operations of one revision.
    #[arg(long, value_name = "COUNT", default_value_t = Quotas::default().operations)]
    pub most_operations: usize,
    /// Drafts of one person.
    #[arg(long, value_name = "COUNT", default_value_t = Quotas::default().drafts)]
    pub most_drafts: usize,
    /// Revisions of the store.
    #[arg(long, value_name = "COUNT", default_value_t = Quotas::default().revisions)]
    pub most_revisions: usize,
}

impl Bounds {
    /// The limits, as the service takes them.
    pub fn options(&self, log_language: Language) -> Options {
        Options {
            cors: false,
            head_timeout: Duration::from_secs(self.head_timeout_s),
            body_timeout: Duration::from_secs(self.body_timeout_s),
            write_timeout: Duration::from_secs(self.body_timeout_s),
            request_timeout: Duration::from_secs(self.request_timeout_s),
            drain_timeout: Duration::from_secs(self.drain_timeout_s),
            least_pace: self.least_pace,
            most_table_bytes: self.most_table_bytes,
            most_connections: self.most_connections,
            most_connections_of_one: self.most_connections_of_one,
            heavy_jobs: self.heavy_jobs,
            most_waiting: self.most_waiting,
            most_batches: self.most_batches,
            memory: self.memory_mib << 20,
            rate: self.rate,
            log_language,
        }
    }

    /// What stands in front of the routes. On the machine's own address, its own names alone are answered to.
    pub fn front(&self, bind: SocketAddr) -> Front {
        let near = bind.ip().to_canonical().is_loopback();
        let mut hosts = self.host.clone();
        if near || !hosts.is_empty() {
            hosts.extend(Front::near_hosts());
            hosts.push(match bind.ip() {
                IpAddr::V6(address) => format!("[{address}]"),
                address @ IpAddr::V4(_) => address.to_string(),
            });
        }
        Front { hosts, origins: self.cors_origin.clone(), proxies: self.trusted_proxy.clone() }
    }

    /// The certificate, where there is one.
    pub fn tls(&self) -> Result<Option<Tls>, TlsError> {
        let pair = self.tls_cert.as_ref().zip(self.tls_key.as_ref());
        pair.map(|(certificate, key)| Tls::open(certificate, key)).transpose()
    }

    /// The tokens that are taken, where there is a provider.
    pub fn tokens(&self) -> Result<Option<Tokens>, AccessError> {
        let (Some(issuer), Some(audience), Some(keys)) = (&self.oidc_issuer, &self.oidc_audience, &self.oidc_jwks)
        else {
            return Ok(None);
        };
        Tokens::new(Issuer {
            issuer: issuer.clone(),
            audience: audience.clone(),
            keys: KeySet::of(keys),
            role_claim: self.oidc_role_claim.clone(),
            name_claim: self.oidc_name_claim.clone(),
        })
        .map(Some)
    }

    /// How much the store keeps.
    pub fn quotas(&self) -> Quotas {
        Quotas {
            operations: self.most_operations,
            drafts: self.most_drafts,
            revisions: self.most_revisions,
            ..Quotas::default()
        }
    }
}
