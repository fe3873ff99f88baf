//! The files of the map, as `npm run build` in `src/web` left them when the program was compiled; none where it was not run, and
//! the plain page then stands alone.

/// A file of the map.
#[derive(Debug)]
pub struct WebFile {
    /// Its name, which holds a digest of its contents.
    pub name: &'static str,
    /// Its type.
    pub kind: &'static str,
    /// Its bytes, compressed with gzip.
    pub gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// The file of a name.
pub fn find(name: &str) -> Option<&'static WebFile> {
    FILES.iter().find(|file| file.name == name)
}

/// The script that the page begins with, and its style; none where the map was not built.
pub fn entry() -> Option<(&'static str, &'static str)> {
    let named = |ending: &str| {
        let name = |file: &WebFile| {
            let path = std::path::Path::new(file.name);
            file.name.starts_with("main-") && path.extension().is_some_and(|found| found == ending)
        };
        FILES.iter().find(|file| name(file)).map(|file| file.name)
    };
    Some((named("js")?, named("css")?))
}
