//! The demo as an atlas, and altered demos: each is compiled once and kept, as unoptimised code takes a minute for one.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::sync::OnceLock;

use rattache::atlas::{Atlas, AtlasSource, compile};
use rattache::demo;

/// The bytes of the demo atlas.
pub fn demo_bytes() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let Some(folder) = demo::cache_folder(|name| std::env::var_os(name)) else {
            return compile(demo::atlas_source()).unwrap().to_vec();
        };
        demo::open(Some(&folder), Atlas::open, || ()).unwrap();
        std::fs::read(folder.join(demo::FILE)).unwrap_or_else(|_| compile(demo::atlas_source()).unwrap().to_vec())
    })
}

/// The bytes of an altered demo. `place` is `(file!(), line!())` of the call: what is kept goes with the demo and with the text of
/// that test file, so that a changed alteration is never answered by what an earlier one left.
pub fn altered(place: (&str, u32), alter: impl FnOnce(&mut AtlasSource)) -> Vec<u8> {
    let (file, line) = place;
    let mut digest = DefaultHasher::new();
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap().hash(&mut digest);
    let name = format!("{line}-{:016x}-{}", digest.finish(), demo::FILE);
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if let Ok(bytes) = std::fs::read(&kept) {
        return bytes;
    }
    let mut source = demo::atlas_source();
    alter(&mut source);
    let bytes = compile(source).unwrap().to_vec();
    rattache::atlas::write(&kept, &bytes).ok();
    bytes
}
