//! Generates the model code and tables from the specification of Bokeh's models.

/// Runs `cargo xtask codegen [--check]`.
pub(crate) fn run(_args: &[String]) -> anyhow::Result<()> {
    anyhow::bail!("there is nothing to generate yet")
}
