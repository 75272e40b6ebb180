//! Functions as handlers.

use std::fmt;
use std::future::ready;
use std::marker::PhantomData;

use bokeh_document::{CallbackOutput, CallbackResult, Document};

use crate::handler::{Handler, HandlerFuture};
use crate::session_context::SessionContext;

/// A function that fills the document of a new session: `Fn(&mut Document)` or `Fn(&mut Document, &SessionContext)`,
/// returning nothing or a `Result`.
///
/// `Marker` tells the two apart and is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no application",
    label = "expected `fn(&mut Document)` or `fn(&mut Document, &SessionContext)`, returning nothing or a `Result`",
    note = "a closure needs the types of its parameters: `|doc: &mut Document| ..`"
)]
pub trait AppFunction<Marker>: Send + Sync + 'static {
    /// Calls the function.
    ///
    /// # Errors
    /// The function's own.
    fn call(&self, document: &mut Document, session: &SessionContext) -> CallbackResult;
}

impl<F, R> AppFunction<fn(&mut Document) -> R> for F
where
    F: Fn(&mut Document) -> R + Send + Sync + 'static,
    R: CallbackOutput,
{
    fn call(&self, document: &mut Document, _session: &SessionContext) -> CallbackResult {
        self(document).into_result()
    }
}

impl<F, R> AppFunction<fn(&mut Document, &SessionContext) -> R> for F
where
    F: Fn(&mut Document, &SessionContext) -> R + Send + Sync + 'static,
    R: CallbackOutput,
{
    fn call(&self, document: &mut Document, session: &SessionContext) -> CallbackResult {
        self(document, session).into_result()
    }
}

/// The handler that calls a function.
pub struct FunctionHandler<F, Marker> {
    function: F,
    marker: PhantomData<fn() -> Marker>,
}

impl<Marker: 'static, F: AppFunction<Marker>> FunctionHandler<F, Marker> {
    /// Makes a handler of a function.
    pub fn new(function: F) -> Self {
        Self { function, marker: PhantomData }
    }
}

impl<Marker: 'static, F: AppFunction<Marker>> Handler for FunctionHandler<F, Marker> {
    fn modify_document<'a>(&'a self, document: &'a mut Document, session: &'a SessionContext) -> HandlerFuture<'a> {
        Box::pin(ready(self.function.call(document, session)))
    }
}

impl<F, Marker> fmt::Debug for FunctionHandler<F, Marker> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FunctionHandler").field(&std::any::type_name::<F>()).finish()
    }
}
