use bokeh_application::Template;
use bokeh_embed::{Bundle, Page, RenderError, RenderItem, Root};

use crate::entry::Entry;
use crate::hosted::Hosted;

/// The page as the session's template makes it, or else the usual one.
pub(super) async fn render(hosted: &Hosted, entry: &Entry) -> Result<String, RenderError> {
    let context = &entry.session.context;
    let template = context.template();
    // Only a template that users wrote asks for roots by name.
    let named = if template.is_some() { named_roots(entry).await } else { None };
    let roots = named.unwrap_or_else(|| entry.roots.root_ids.iter().map(Root::new).collect());
    let item = roots.into_iter().fold(RenderItem::session(entry.token.as_str()), RenderItem::root);
    let resources = entry.resources(hosted);
    let resources =
        if template.as_ref().is_some_and(uses_bokehjs) { resources.at_first(&Bundle::ALL) } else { resources };
    let page = Page::new(resources).title(entry.roots.title.as_str()).item(item);
    let Some(template) = template else { return page.render() };
    let page = with_template(page, &template);
    let variables = context.template_variables();
    variables.into_iter().fold(page, |page, (name, value)| page.variable(name, value)).render()
}

/// Whether the template may have scripts that use BokehJS, and who knows which parts of it.
fn uses_bokehjs(template: &Template) -> bool {
    let mut sources = template.others().values().map(String::as_str).chain([template.source()]);
    sources.any(|source| source.contains("Bokeh"))
}

fn with_template(page: Page, template: &Template) -> Page {
    let others = template.others().iter();
    others.fold(page.template(template.source()), |page, (name, source)| page.other_template(name, source.as_str()))
}

/// The roots with what a template can find them by. None if the session has ended.
async fn named_roots(entry: &Entry) -> Option<Vec<Root>> {
    let document = entry.session.context.document()?;
    document
        .update(|document| document.roots().iter().filter_map(|root| Root::of(document, *root)).collect())
        .await
        .ok()
}
