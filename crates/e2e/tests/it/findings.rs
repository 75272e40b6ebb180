//! What the server says of documents that will not be shown as they are meant.

use bokeh_client::ConnectOptions;
use bokeh_document::Document;
use bokeh_server::Server;

use crate::{log, server};

#[tokio::test]
async fn a_glyph_without_its_columns_is_named_when_the_session_begins() {
    log::start();
    let app = |doc: &mut Document| {
        let glyph = server::object("Line", []);
        let source = server::object("ColumnDataSource", []);
        doc.add_root(server::object("GlyphRenderer", [("data_source", source.into()), ("glyph", glyph.into())]));
    };
    let running = Server::builder().settings(server::settings()).app("/findings", app).start().await.unwrap();
    let options =
        ConnectOptions { session_id: Some("findings".into()), ..ConnectOptions::new(running.url("/findings")) };
    let session = options.pull().await.unwrap();
    log::assert_warned("findings", r#"its Line names the columns "x", "y", but its data source has none"#);
    session.close().await;
    running.stop().await;
}
