//! Rattache for Python: the core over Arrow, without the program, PROJ, the service or a database.
//!
//! Tables come and go by the Arrow `PyCapsule` interface ([`capsule`]), so that pandas, polars, `DuckDB` and pyarrow are served
//! without any of them being needed. The interpreter is let go while Rattache works, and work is shared between threads.

mod atlas;
mod capsule;
mod error;
mod options;
mod revision;
mod series;
mod table;

use pyo3::prelude::*;

#[pymodule]
fn _rattache(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("RattacheError", module.py().get_type::<error::RattacheError>())?;
    module.add_class::<atlas::Atlas>()?;
    module.add_class::<table::Table>()?;
    module.add_function(wrap_pyfunction!(error::set_language, module)?)?;
    module.add_function(wrap_pyfunction!(series::check, module)?)?;
    module.add_function(wrap_pyfunction!(series::bridge, module)?)?;
    module.add_function(wrap_pyfunction!(revision::simulate, module)?)?;
    module.add_function(wrap_pyfunction!(table::read_ipc, module)?)?;
    module.add_function(wrap_pyfunction!(table::table, module)?)
}
