//! The only bridge from a System to what edge and cloud understand.

pub(crate) mod cloud;
pub(crate) mod edge;
pub(crate) mod names;
