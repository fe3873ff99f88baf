//! What the handlers are handed: the atlas that is served, and how to take another one.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::SystemTime;

use tokio::sync::Semaphore;

use super::base::Base;
use super::batches::Batches;
use super::fragments::Fragments;
use super::front::Front;
use super::layers::Layers;
use super::limits::Options;
use super::memory::Memory;
use super::metrics::Metrics;
use super::rate::Rates;
use super::systems::{System, Systems};
use super::tile_store::TileStore;
use super::tls::Tls;
use super::work::Queues;
use crate::access::Access;
use crate::address::{Crowd, GazetteerView};
use crate::atlas::{Atlas, AtlasError};
use crate::catalogue::{Catalogue, KeptRevisions};
use crate::domain::{Date, French, Timestamp, Told};
use crate::geometry::Side;
use crate::revision::Workbench;
use crate::store::{Store, StoreError};

/// Coordinate systems that are kept ready.
const MOST_SYSTEMS: usize = 256;

/// Keys verified at once; known ones are not.
const MOST_VERIFIED: usize = 4;

/// Why an atlas was not taken; the one before it stays.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// What is served does not come from a file, and none was given.
    #[error("the atlas that is served comes from no file: name one, such as {{\"path\": \"quebec.atlas\"}}")]
    NoFile,
    /// A file outside of the folder of atlases, or none that there is.
    #[error("there is no such file in \"{}\", the only folder that atlases are taken from", folder.display())]
    OutsideFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// The file is no good.
    #[error("the new atlas is refused and the old one stays")]
    Refused(#[from] AtlasError),
    /// What is known of units beside the atlas does not go with it.
    #[error("what is known of units beside the new atlas can not be read and the old one stays")]
    Outfit(#[source] Told),
    /// The file broke the reader.
    #[error("the new atlas can not be read to its end and the old one stays")]
    Panicked,
}

impl French for ReloadError {
    fn french(&self) -> String {
        match self {
            Self::NoFile => {
                "l'atlas servi ne vient d'aucun fichier : donnez-en un, par exemple {\"path\": \"quebec.atlas\"}"
                    .to_owned()
            }
            Self::OutsideFolder { folder } => format!(
                "il n'y a pas de tel fichier dans « {} », seul dossier dont un atlas est pris",
                folder.display()
            ),
            Self::Refused(cause) => {
                format!("le nouvel atlas est refusé et l'ancien reste en service : {}", cause.french())
            }
            Self::Outfit(cause) => format!(
                "ce que l'on sait des aires à côté du nouvel atlas ne peut pas être lu et l'ancien reste en service : {}",
                cause.french()
            ),
            Self::Panicked => {
                "le nouvel atlas ne peut pas être lu jusqu'au bout et l'ancien reste en service".to_owned()
            }
        }
    }
}

/// What was taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Reloaded {
    /// Checksum of the atlas now served, 16 hexadecimal digits.
    pub checksum: String,
    /// Checksum of the one before.
    pub previous: String,
    /// Identifiers of its editions, in order of date.
    pub editions: Vec<String>,
    /// How many units it holds.
    pub units: usize,
}

/// Puts what is known of units beside an atlas (municipalities, indicators, flows) into their facts.
pub type Outfit = dyn Fn(&Atlas, &mut Workbench) -> Result<(), Told> + Send + Sync;

/// What tells the time of a question.
pub type Clock = dyn Fn() -> SystemTime + Send + Sync;

/// An atlas with its catalogue of editions, and what is made of them once.
#[derive(Debug)]
pub struct Served {
    /// The atlas.
    pub atlas: Arc<Atlas>,
    /// Its editions, and those of the store where there is one.
    pub catalogue: Catalogue,
    pub(super) fragments: Vec<Fragments>,
    /// Outlines of whole levels, and answers made of them.
    pub(super) layers: Layers,
    pub(super) tiles: TileStore,
    installations: OnceLock<Vec<Side>>,
    crowd: OnceLock<Option<Crowd>>,
}

impl Served {
    fn new(catalogue: Catalogue) -> Result<Self, AtlasError> {
        let atlas = Arc::clone(catalogue.atlas());
        if atlas.edition_count() == 0 {
            return Err(AtlasError::NoEdition);
        }
        let fragments = atlas.editions().map(|edition| Fragments::new(&atlas, edition)).collect::<Result<_, _>>();
        let fragments = fragments.map_err(AtlasError::BadManifest)?;
        Ok(Self {
            atlas,
            catalogue,
            fragments,
            layers: Layers::default(),
            tiles: TileStore::default(),
            installations: OnceLock::new(),
            crowd: OnceLock::new(),
        })
    }

    /// Makes its workbench, with what an outfit knows beside the atlas.
    fn equip(&self, outfit: &Outfit) -> Result<(), Told> {
        let mut bench = Workbench::new(&self.atlas);
        outfit(&self.atlas, &mut bench)?;
        self.catalogue.set_workbench(bench);
        Ok(())
    }

    /// Its units as revisions need them.
    #[must_use]
    pub fn bench(&self) -> &Workbench {
        self.catalogue.workbench()
    }

    /// Its addresses with the people that rank them; `None` without addresses.
    #[must_use]
    pub fn addresses(&self) -> Option<(GazetteerView<'_>, &Crowd)> {
        let gazetteer = self.atlas.gazetteer()?;
        let crowd = self.crowd.get_or_init(|| {
            let gazetteer = self.atlas.gazetteer();
            gazetteer.map(|all| all.crowd(|unit| self.atlas.people(unit as usize)))
        });
        Some((gazetteer, crowd.as_ref()?))
    }

    /// The unit (plus one) that each installation stands in, the nearest where it stands just outside, 0 beyond.
    #[must_use]
    pub fn installation_sides(&self) -> &[Side] {
        self.installations.get_or_init(|| self.atlas.installation_sides())
    }

    /// The checksum as 16 hexadecimal digits.
    #[must_use]
    pub fn checksum(&self) -> String {
        format!("{:016x}", self.atlas.checksum())
    }
}

/// What the handlers share.
pub struct State {
    served: RwLock<Arc<Served>>,
    path: Mutex<Option<PathBuf>>,
    stopping: AtomicBool,
    /// Work away from the threads that serve connections.
    pub(super) queues: Queues,
    /// Bodies and answers that are held.
    pub(super) memory: Memory,
    /// How often each may ask; `None` is as often as they like.
    pub(super) rates: Option<Rates>,
    front: OnceLock<Front>,
    tls: OnceLock<Tls>,
    atlas_folder: OnceLock<PathBuf>,
    revisions: OnceLock<Arc<KeptRevisions>>,
    clock: OnceLock<Box<Clock>>,
    outfit: OnceLock<Box<Outfit>>,
    systems: OnceLock<Box<Systems>>,
    found_systems: Mutex<HashMap<u32, Option<System>>>,
    public_url: OnceLock<Base>,
    access: OnceLock<Access>,
    /// Keys being verified: each takes memory.
    pub(super) verifying: Arc<Semaphore>,
    /// Files of rows under way, a fair share of them for each who asks.
    pub(super) batches: Batches,
    /// What is counted.
    pub(super) metrics: Metrics,
    /// How the server behaves.
    pub options: Options,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("atlas", &self.served().checksum()).finish_non_exhaustive()
    }
}

impl State {
    /// A state that serves an atlas, which came from `path` if from any file.
    ///
    /// # Errors
    /// [`AtlasError::NoEdition`].
    pub fn new(atlas: Atlas, path: Option<PathBuf>, options: Options) -> Result<Arc<Self>, AtlasError> {
        Ok(Arc::new(Self {
            served: RwLock::new(Arc::new(Served::new(Catalogue::new(atlas))?)),
            path: Mutex::new(path),
            stopping: AtomicBool::new(false),
            metrics: Metrics::new(super::app::patterns(), SystemTime::now()),
            batches: Batches::new(options.most_batches),
            queues: Queues::new(&options),
            memory: Memory::new(options.memory),
            rates: Rates::new(options.rate),
            front: OnceLock::new(),
            tls: OnceLock::new(),
            atlas_folder: OnceLock::new(),
            revisions: OnceLock::new(),
            clock: OnceLock::new(),
            outfit: OnceLock::new(),
            systems: OnceLock::new(),
            found_systems: Mutex::default(),
            public_url: OnceLock::new(),
            access: OnceLock::new(),
            verifying: Arc::new(Semaphore::new(MOST_VERIFIED)),
            options,
        }))
    }

    /// Keeps revisions in a store from now on; once.
    ///
    /// # Errors
    /// What reading the store gives.
    pub fn keep_revisions(&self, store: Store) -> Result<(), StoreError> {
        let kept = Arc::new(KeptRevisions::new(store)?);
        // A second store would be a fault of the caller, and the first one stays.
        if self.revisions.set(Arc::clone(&kept)).is_ok() {
            let mut served = self.served.write().unwrap_or_else(PoisonError::into_inner);
            if let Ok(with_kept) = Served::new(served.catalogue.clone().with_kept(kept)) {
                *served = Arc::new(with_kept);
            }
        }
        Ok(())
    }

    /// Takes the time from another clock than the system's: for those who ask what held, or will hold, on another day. Once.
    pub fn set_clock(&self, clock: Box<Clock>) {
        self.clock.set(clock).ok();
    }

    /// Hands over what knows coordinate systems; once. Without it, positions come and go in longitude and latitude only.
    pub fn set_systems(&self, systems: Box<Systems>) {
        self.systems.set(systems).ok();
    }

    /// Says under which URL the service is reached; once. Else it is told by each request.
    pub fn set_public_url(&self, url: Base) {
        self.public_url.set(url).ok();
    }

    pub(super) fn public_url(&self) -> Option<&Base> {
        self.public_url.get()
    }

    /// The coordinate system of an EPSG code, where it is known.
    pub(super) fn system(&self, code: u32) -> Option<System> {
        let systems = self.systems.get()?;
        let mut found = self.found_systems.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = found.get(&code) {
            return known.clone();
        }
        let system = systems(code);
        // Codes are typed by anybody: those that mean nothing are not kept for ever.
        if found.len() < MOST_SYSTEMS {
            found.insert(code, system.clone());
        }
        system
    }

    /// Says who may ask what; once, before anybody asks. Else questions are answered to the machine itself, and nothing is
    /// written.
    pub fn set_access(&self, access: Access) {
        // A second one would be a fault of the caller, and the first one stays.
        self.access.set(access).ok();
    }

    /// Says by which names the service is asked, from which pages and through which proxies; once, before anybody asks.
    pub fn set_front(&self, front: Front) {
        self.front.set(front).ok();
    }

    /// What stands in front of the routes.
    pub(super) fn front(&self) -> &Front {
        self.front.get_or_init(Front::default)
    }

    /// Speaks TLS on the socket from the start on; once.
    pub fn set_tls(&self, tls: Tls) {
        self.tls.set(tls).ok();
    }

    pub(super) fn tls(&self) -> Option<&Tls> {
        self.tls.get()
    }

    /// Says the folder that atlases are taken from on request; once. Else that of the atlas that is served.
    pub fn set_atlas_folder(&self, folder: PathBuf) {
        self.atlas_folder.set(folder).ok();
    }

    /// A file that a request names, where it lies in the folder of atlases.
    ///
    /// # Errors
    /// [`ReloadError::OutsideFolder`], [`ReloadError::NoFile`] where there is no such folder.
    pub(super) fn atlas_named(&self, name: &Path) -> Result<PathBuf, ReloadError> {
        let served = || self.path.lock().unwrap_or_else(PoisonError::into_inner).as_deref().map(folder_of);
        let folder = self.atlas_folder.get().cloned().or_else(served).ok_or(ReloadError::NoFile)?;
        let outside = || ReloadError::OutsideFolder { folder: folder.clone() };
        // Links are followed before they are judged.
        let whole = folder.join(name).canonicalize().map_err(|_| outside())?;
        if whole.starts_with(folder.canonicalize().map_err(|_| outside())?) { Ok(whole) } else { Err(outside()) }
    }

    /// Who may ask what.
    pub(super) fn access(&self) -> &Access {
        self.access.get_or_init(Access::default)
    }

    /// The time of a question.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.time().into()
    }

    pub(super) fn time(&self) -> SystemTime {
        self.clock.get().map_or_else(SystemTime::now, |clock| clock())
    }

    /// Work away from the threads of connections, by kind: how much is under way, and how much may be.
    pub(super) fn jobs(&self) -> [(&'static str, usize, usize); 2] {
        let of = |kind, most: usize, free: usize| (kind, most.saturating_sub(free), most);
        [
            of("heavy", self.options.heavy(), self.queues.free()),
            of("batch", self.options.most_batches.max(1), self.batches.free()),
        ]
    }

    /// The day of a question in Québec, which decides what is in force.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().day_in_quebec()
    }

    /// Weighs revisions with what is known of units beside the atlas, of this one and of those taken later; once, before
    /// anybody asks.
    ///
    /// # Errors
    /// What the outfit gives for the atlas that is served.
    pub fn equip(&self, outfit: Box<Outfit>) -> Result<(), Told> {
        self.served().equip(&*outfit)?;
        // A second outfit would be a fault of the caller, and the first one stays.
        self.outfit.set(outfit).ok();
        Ok(())
    }

    pub(super) fn revisions(&self) -> Option<&Arc<KeptRevisions>> {
        self.revisions.get()
    }

    /// The atlas that is served now. Whoever holds it keeps it, whatever is taken meanwhile.
    #[must_use]
    pub fn served(&self) -> Arc<Served> {
        Arc::clone(&self.served.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes another atlas, or the same file again where `path` is `None`, without dropping a request.
    ///
    /// The file is opened, its checksum and lengths are verified and its sums are made before anything is swapped. Requests
    /// that began on the old atlas end on it. Blocks for as long as that takes: call it from a thread that may.
    ///
    /// # Errors
    /// [`ReloadError`]; the old atlas then stays in service.
    pub fn reload(&self, path: Option<&Path>) -> Result<Reloaded, ReloadError> {
        let reloaded = self.take(path);
        self.metrics.reload(reloaded.is_ok(), self.time());
        reloaded
    }

    fn take(&self, path: Option<&Path>) -> Result<Reloaded, ReloadError> {
        // Held to the end, so that of two calls the later one wins.
        let mut kept = self.path.lock().unwrap_or_else(PoisonError::into_inner);
        let path = path.map(Path::to_owned).or_else(|| kept.clone()).ok_or(ReloadError::NoFile)?;
        let prepared = std::panic::catch_unwind(AssertUnwindSafe(|| {
            let mut catalogue = Catalogue::new(Atlas::load(&path)?);
            for edition in catalogue.of_atlas() {
                let _ = edition.table();
            }
            if let Some(kept) = self.revisions.get() {
                catalogue = catalogue.with_kept(Arc::clone(kept));
            }
            let served = Served::new(catalogue)
                .map_err(|source| AtlasError::In { path: path.clone(), source: Box::new(source) })?;
            let _ = served.installation_sides();
            let _ = served.addresses();
            Ok::<_, AtlasError>(served)
        }));
        let served = Arc::new(prepared.map_err(|_| ReloadError::Panicked)??);
        if let Some(outfit) = self.outfit.get() {
            served.equip(&**outfit).map_err(ReloadError::Outfit)?;
        }
        let mut now = self.served.write().unwrap_or_else(PoisonError::into_inner);
        let previous = std::mem::replace(&mut *now, Arc::clone(&served));
        drop(now);
        *kept = Some(path);
        Ok(Reloaded {
            checksum: served.checksum(),
            previous: previous.checksum(),
            editions: served.atlas.editions().map(|edition| edition.header.id.clone()).collect(),
            units: served.atlas.unit_count(),
        })
    }

    /// Whether the server was told to stop.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Says that the server is about to stop: `/ready` says so from now on.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

/// The folder that a file lies in.
fn folder_of(file: &Path) -> PathBuf {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.map_or_else(|| PathBuf::from("."), Path::to_owned)
}
